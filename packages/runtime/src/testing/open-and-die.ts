import Database from "better-sqlite3";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock } from "./fake-clock.ts";

/** `open-and-die.ts FILE N`: opens a store, and is killed as it comes to its Nth statement; ends with 0 when it comes to none. */
const [file = "", at = "0"] = process.argv.slice(2);
const prototype = Database.prototype as { prepare(sql: string): unknown };
const { prepare } = prototype;
let left = Number(at);
prototype.prepare = function prepareOrDie(this: unknown, sql: string) {
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
  return prepare.call(this, sql);
};
await (await openSqliteStore({ file, clock: createFakeClock() })).close();
