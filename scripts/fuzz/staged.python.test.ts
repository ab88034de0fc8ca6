import { afterAll, expect, test } from "vitest";
import { startStageProcesses } from "../../conformance/python/stage-processes.ts";
import { runPart } from "./part.ts";
import { stagedWorkflows } from "./staged-part.ts";

/** `npm run test:python -- --only vitest --cases 100000 --seed 7` makes a hundredth as many workflows; `OFFSTAGE_FROM` begins with another one of the seed's. */
const WORKFLOWS = Number(process.env["OFFSTAGE_CASES"] ?? "2000") / 100;
/** What a landing may wait for; who asks for more waits for all of it. */
const UNTIL_MS = WORKFLOWS > 20 ? Infinity : Date.now() + 45_000;
const SEED = Number(process.env["OFFSTAGE_SEED"] ?? "7");
const FROM = Number(process.env["OFFSTAGE_FROM"] ?? "0");

const processes = startStageProcesses();
afterAll(() => processes.close());

test("generated workflows do the same on the embedded host, natively and on the exported Python", async () => {
  const report = await runPart(stagedWorkflows(processes), SEED, FROM, { inputs: WORKFLOWS, untilMs: UNTIL_MS, now: () => Date.now(), failures: 5 });
  process.stderr.write(`${JSON.stringify({ ...report, failures: report.failures.length })}\n`);
  expect(report.failures.map(({ turn, text }) => `${turn}: ${text}`)).toEqual([]);
  expect(report.inputs).toBeGreaterThanOrEqual(UNTIL_MS === Infinity ? WORKFLOWS : 1);
}, 7_200_000);
