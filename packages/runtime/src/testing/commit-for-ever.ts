/**
 * Run as a process of its own, to be killed: `commit-for-ever.ts FILE FIRST`. Commits one effect and its journal row after the other
 * and says each number once its transaction is acknowledged.
 */
import { writeSync } from "node:fs";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock } from "./fake-clock.ts";
import { numberedEntry, numberedRow } from "./numbered-rows.ts";

const [file = "", first = "0"] = process.argv.slice(2);
const store = await openSqliteStore({ file, clock: createFakeClock() });
for (let number = Number(first); ; number++) {
  await store.transact({ durable: true }, async (tx) => {
    await tx.putEffect(numberedEntry(number), null);
    await tx.appendJournal("run-1", [numberedRow(number)]);
  });
  writeSync(1, `${number}\n`);
}
