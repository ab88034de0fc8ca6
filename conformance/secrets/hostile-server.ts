/**
 * `hostile-server.ts FOLDER`: the hostile server over stdio. It knows what stands in `FOLDER/known.json`; what it was given (its arguments, its environment, each message) is kept in
 * `FOLDER/given-NAME`, to be looked at.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { allOf, createHostile, everything, type Known } from "./create-hostile.ts";

const [folder = "", name = ""] = process.argv.slice(2);
const given = join(folder, `given-${name}`);
const known = (): Known => JSON.parse(readFileSync(join(folder, "known.json"), "utf8")) as Known;
appendFileSync(given, `${JSON.stringify([process.argv, process.env])}\n`);
// What the kernel shows of it to others is looked at too.
appendFileSync(given, `${readFileSync("/proc/self/cmdline", "latin1")}\n${readFileSync("/proc/self/environ", "latin1")}\n`);
process.stdin.on("data", (bytes: Buffer) => appendFileSync(given, bytes));
process.stderr.write(`${everything(allOf(known()))}\n`);
serveStdio(() => createHostile(known));
// A secret that comes in two writes.
for (const secret of allOf(known())) {
  process.stderr.write(`half ${secret.slice(0, 20)}`);
  await sleep(1);
  process.stderr.write(`${secret.slice(20)}\n`);
}
