import { expect, test } from "vitest";
import { runPart } from "./part.ts";
import { printedExpressions, printedPrograms, unlikeExpressions, unlikePrograms } from "./printed-part.ts";

/** `npm run test:python -- --only vitest --cases 100000` makes so many expressions, and a tenth as many programs. */
const CASES = Number(process.env["OFFSTAGE_CASES"] ?? "500");
const SEED = Number(process.env["OFFSTAGE_SEED"] ?? "7");

test.each([[printedExpressions, CASES], [printedPrograms, CASES / 10], [unlikeExpressions, CASES], [unlikePrograms, CASES / 10]] as const)("what is generated means the same to the interpreter and, printed, to Python: $name", async (part, inputs) => {
  const report = await runPart(part, SEED, 0, { inputs, untilMs: Infinity, now: () => Date.now(), failures: 5 });
  expect(report.failures.map(({ text }) => text)).toEqual([]);
  expect(report.inputs).toBeGreaterThanOrEqual(inputs);
}, 7_200_000);
