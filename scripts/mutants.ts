import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutant, MUTANTS } from "./mutants/mutants.ts";

/**
 * Makes each seeded mutant in a copy of the rooms and runs the tests that must notice it; the tree itself is never touched, so
 * that a kill at any time leaves nothing wrong behind. Ends 1 when a mutant survives. `npm run test:mutants -- <word>` runs
 * only those whose name has the word.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "packages", "runtime", "src");
/** Most of them are one file, which one processor runs. */
const LANES = 2;
const TESTS = {
  model: ["effects/record.model.test.ts"],
  laws: ["gate/decide.laws.test.ts"],
  cases: ["gate/decide.test.ts", "gate/policy-match.test.ts", "gate/known-hash.test.ts", "records/", "effects/perform.test.ts", "effects/records.test.ts", "effects/gate.test.ts", "effects/resolve-effect.test.ts", "effects/started.test.ts"],
  events: ["host/decide-arrivals.test.ts", "triggers/webhook/", "triggers/schedule/served.test.ts", "hosts/embedded/side-by-side.test.ts", "hosts/embedded/sweep.test.ts"],
  edits: ["triggers/schedule/edited.test.ts", "triggers/queue/queues.test.ts"],
} as const satisfies { readonly [K in Mutant["by"]]: readonly string[] };

/** A copy of the rooms with their imports intact: it lies beside the sources, where their packages resolve. */
async function copyRooms(): Promise<string> {
  const parent = join(root, "packages", "runtime", ".mutants");
  await mkdir(parent, { recursive: true });
  const copy = await mkdtemp(join(parent, "copy-"));
  await cp(source, join(copy, "src"), { recursive: true });
  await writeFile(join(copy, "vitest.config.ts"), `export default { test: { include: ["src/**/*.test.ts"], testTimeout: 600_000, watch: false } };\n`);
  return copy;
}

async function mutate(copy: string, mutant: Mutant): Promise<() => Promise<void>> {
  const file = join(copy, "src", mutant.file);
  const text = await readFile(file, "utf8");
  if (text.split(mutant.from).length !== 2) throw new Error(`"${mutant.name}" does not stand exactly once in ${mutant.file}: bring scripts/mutants/mutants.ts up to date.`);
  await writeFile(file, text.replace(mutant.from, () => mutant.to));
  return () => writeFile(file, text);
}

/** Runs tests in the copy; true when all pass. Output only when asked for. */
function passes(copy: string, tests: readonly string[]): Promise<{ readonly passed: boolean; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const child = spawn(process.execPath, [vitest, "run", "--root", copy, "--bail", "1", "--reporter", "dot", ...tests.map((test) => join("src", test))], { cwd: copy, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => { output += chunk.toString(); });
    child.stderr.on("data", (chunk: Buffer) => { output += chunk.toString(); });
    child.on("error", reject);
    child.on("close", (code) => resolve({ passed: code === 0, output }));
  });
}

/** Each copy takes the next one when it is done with the last. */
async function inLanes<T>(copies: readonly string[], all: readonly T[], work: (copy: string, one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  await Promise.all(copies.map(async (copy) => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(copy, one);
  }));
}

async function main(): Promise<number> {
  const word = process.argv[2] ?? "";
  const chosen = MUTANTS.filter(({ name, by }) => name.includes(word) || by === word);
  const copies = await Promise.all(Array.from({ length: LANES }, copyRooms));
  try {
    await inLanes(copies, [...new Set(chosen.map((mutant) => mutant.by))], async (copy, by) => {
      const { passed, output } = await passes(copy, TESTS[by]);
      if (!passed) throw new Error(`The ${by} tests fail without any mutant:\n${output}`);
    });
    const survivors: string[] = [];
    await inLanes(copies, chosen, async (copy, mutant) => {
      const restore = await mutate(copy, mutant);
      const { passed } = await passes(copy, TESTS[mutant.by]);
      await restore();
      if (passed) survivors.push(mutant.name);
      process.stdout.write(`${passed ? "SURVIVED" : "killed  "}  ${mutant.by.padEnd(5)}  ${mutant.file.padEnd(26)}  ${mutant.name}\n`);
    });
    process.stdout.write(`\n${chosen.length - survivors.length} of ${chosen.length} mutants killed.\n`);
    return survivors.length === 0 ? 0 : 1;
  } finally {
    await Promise.all(copies.map((copy) => rm(copy, { recursive: true, force: true })));
  }
}

process.exitCode = await main();
