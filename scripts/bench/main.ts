import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulators } from "../../demo/emulators.ts";
import { createDemoProject } from "../../demo/project.ts";
import { benchCall } from "./call.ts";
import { benchStart, coldCheckMs, runNode } from "./commands.ts";
import { benchConnecting } from "./connecting.ts";
import { type Figure, figuresText, ms } from "./figures.ts";
import { benchLanguage, demoWorkflow } from "./language.ts";
import { benchLoop } from "./loop.ts";
import { benchManyTools } from "./many-tools.ts";
import { benchRegexes } from "./regexes.ts";
import { benchRuntime } from "./runtime.ts";
import { benchBesideN8n, benchServed } from "./served.ts";

/** Measures what users feel, each figure beside its baseline of the same run, and says where a bound does not hold: machines are noisy, so it never fails. */
async function main(): Promise<void> {
  const figures: Figure[] = [];
  for (const [name, bench] of process.argv.includes(N8N) ? BESIDE_N8N : BENCHES) {
    process.stderr.write(`measuring ${name} …\n`);
    figures.push(...(await bench()));
  }
  process.stdout.write(`${figuresText(figures)}\n`);
  const above = figures.filter((figure) => figure.value > figure.bound).length;
  process.stdout.write(`\n${figures.length - above} within their bounds, ${above} above. Machines are noisy: run it again before believing one figure.\n`);
  if (!process.argv.includes(N8N)) process.stdout.write(`n8n is not measured here, since it takes minutes to install: npm run bench -- ${N8N}\n`);
}

/** Only what n8n does as well, beside it. */
const N8N = "--n8n";
const BESIDE_N8N = [["serving, beside n8n", benchBesideN8n]] as const;

const BENCHES: readonly (readonly [string, () => Promise<readonly Figure[]>])[] = [
  ["start-up", benchStart],
  ["one call without the runtime", benchCalls],
  ["connecting", benchConnecting],
  ["calls through the runtime", benchRuntime],
  ["loops", benchLoop],
  ["serving", benchServed],
  ["patterns", benchRegexes],
  ["checking and evaluating", benchDemo],
  ["checking with many tools", benchManyTools],
];

async function benchCalls(): Promise<readonly Figure[]> {
  const { bareMs, sessionMs, callsMs, sharedMs, sessionRatio, callsRatio, sharedRatio } = await benchCall({ rounds: 15, callsPerRound: 300 });
  return [
    { what: "one call through our session", ours: ms(sessionMs), baseline: `${ms(bareMs)} bare SDK`, value: sessionRatio, bound: 1.1, unit: "×" },
    { what: "… redacted, normalised, judged", ours: ms(callsMs), baseline: `${ms(bareMs)} bare SDK`, value: callsRatio, bound: 1.2, unit: "×" },
    { what: "… under a rate that processes share", ours: ms(sharedMs), baseline: `${ms(callsMs)} of this process`, value: sharedRatio, bound: 1.5, unit: "×" },
  ];
}

async function benchDemo(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-bench-"));
  const emulators = await startEmulators({ dir: join(folder, "services") });
  try {
    const project = createDemoProject({ dir: join(folder, "project"), emulators });
    const bin = fileURLToPath(new URL("../../apps/offstage/bin/offstage.js", import.meta.url));
    runNode([bin, "lock", "--project", project.dir]);
    const coldMs = await coldCheckMs(project.dir);
    // The demo's own reads are known to the profile of its project; that part of the check takes no time.
    return await benchLanguage({ ...demoWorkflow(project.dir), mayWrite: (_server, tool) => !/^(list|get|search)_|search/.test(tool) }, coldMs);
  } finally {
    await emulators.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
