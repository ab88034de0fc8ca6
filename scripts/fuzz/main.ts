import { profiles, strangers, workflows } from "./checker-part.ts";
import { expressions, programs, regexes } from "./language-parts.ts";
import { type FuzzPart, type PartReport, runPart } from "./part.ts";
import { plans } from "./plans-part.ts";
import { parseArgs } from "node:util";

const PARTS: readonly FuzzPart[] = [expressions, programs, regexes, workflows, strangers, profiles, plans];

const { values } = parseArgs({
  options: {
    part: { type: "string", default: PARTS.map(({ name }) => name).join() },
    seed: { type: "string" },
    from: { type: "string", default: "0" },
    inputs: { type: "string", default: "Infinity" },
    seconds: { type: "string", default: "30" },
  },
});

/** Every part for its share of the time; fails when one of them finds something. */
async function main(): Promise<void> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const chosen = PARTS.filter(({ name }) => values.part.split(",").includes(name));
  console.log(`seed ${seed}`);
  let failed = 0;
  for (const part of chosen) {
    const untilMs = performance.now() + (Number(values.seconds) * 1000) / chosen.length;
    const report = await runPart(part, seed, Number(values.from), { inputs: Number(values.inputs), untilMs, now: () => performance.now(), failures: 10 }, showProgress());
    failed += report.failures.length;
    console.log(reportText(report));
    for (const { turn, text } of report.failures) console.log(`\n${text}\nagain: npm run test:fuzz -- --part ${part.name} --seed ${seed} --from ${turn} --inputs 1\n`);
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

function reportText({ name, unit, inputs, seconds, counts, failures }: PartReport): string {
  const more = Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ");
  return `${name}: ${inputs} ${unit} in ${seconds.toFixed(0)} s, ${failures.length} failures (${more})`;
}

/** A line on stderr each minute: long runs are watched. */
function showProgress(): (report: PartReport) => void {
  let next = performance.now() + 60_000;
  return (report) => {
    if (performance.now() < next) return;
    next += 60_000;
    process.stderr.write(`${reportText(report)}\n`);
  };
}

await main();
