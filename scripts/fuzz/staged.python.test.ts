import { afterAll, expect, test } from "vitest";
import { startStageProcesses } from "../../conformance/python/stage-processes.ts";
import { runPart } from "./part.ts";
import { stagedWorkflows } from "./staged-part.ts";

/** `npm run test:python -- --only vitest --cases 100000 --seed 7` makes a hundredth as many workflows; `OFFSTAGE_FROM` begins with another one of the seed's. */
const WORKFLOWS = Number(process.env["OFFSTAGE_CASES"] ?? "2000") / 100;
const SEED = Number(process.env["OFFSTAGE_SEED"] ?? "7");
const FROM = Number(process.env["OFFSTAGE_FROM"] ?? "0");

const processes = startStageProcesses();
afterAll(() => processes.close());

// By hand for now, `OFFSTAGE_STAGED=1`: it has found differences between the embedded host and the native run that nobody has looked into yet.
test.runIf(process.env["OFFSTAGE_STAGED"] === "1")("generated workflows do the same on the embedded host, natively and on the exported Python", async () => {
  const report = await runPart(stagedWorkflows(processes), SEED, FROM, { inputs: WORKFLOWS, untilMs: Infinity, now: () => Date.now(), failures: 5 });
  process.stderr.write(`${JSON.stringify({ ...report, failures: report.failures.length })}\n`);
  expect(report.failures.map(({ turn, text }) => `${turn}: ${text}`)).toEqual([]);
  expect(report.inputs).toBeGreaterThanOrEqual(WORKFLOWS);
}, 7_200_000);
