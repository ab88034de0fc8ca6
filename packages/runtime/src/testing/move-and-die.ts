/**
 * Run as a process of its own, to be killed: `move-and-die.ts FILE URL SCHEMA MARK STEP`. Moves the store in FILE, and is killed at a step of it
 * (counted from 0 as they are told); with a step beyond the last it says how many rows it moved.
 */
import { writeSync } from "node:fs";
import { moveStore } from "../sql/index.ts";
import { usePostgresTarget } from "../stores/postgres/index.ts";
import { useSqliteSource } from "../stores/sqlite/index.ts";
import { createFakeClock } from "./fake-clock.ts";

const [file = "", url = "", schema = "", markFile = "", dieAt = ""] = process.argv.slice(2);
const clock = createFakeClock();
let step = 0;
const sums = await usePostgresTarget({ url, schema, markFile, clock }, (target) =>
  useSqliteSource({ file, clock, isHeld: () => false }, (source) =>
    moveStore(source, target, { newId: () => `move-${process.pid}`, now: clock.now(), tell: () => void (step++ === Number(dieAt) && process.kill(process.pid, "SIGKILL")) }),
  ),
);
writeSync(1, String(sums.reduce((rows, sum) => rows + sum.rows, 0)));
