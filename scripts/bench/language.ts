import { readFileSync } from "node:fs";
import { interpret, type Ports } from "offstage/engine";
import { createCompiler, nodeApiFiles, type WorkflowSource } from "offstage/language";
import type { Program } from "offstage/program";
import { type Figure, median, ms, timeMs } from "./figures.ts";

const PULLS = 100;
const ROUNDS = 200;
const WARM_ROUNDS = 10;
const MAX_WARM_CHECK_MS = 200;
const MAX_COLD_CHECK_MS = 2_500;
const MAX_FILTER_MS = 0.5;
const MAX_FILTER_RATIO = 25;

const FILTER = `
import { range, workflow } from "offstage";
const pulls = range(${PULLS}).map((i) => ({ number: i, title: i % 3 === 0 ? "fix: memory leak in part " + String(i) : "docs: part " + String(i), user: { login: "u" + String(i) } }));
export default workflow({ name: "filter", description: "", on: [] }, async () => {
  return pulls.filter((pr) => /memory leak/i.test(pr.title)).map((pr) => ({ key: String(pr.number), summary: \`\${pr.title} by \${pr.user.login}\` })).length;
});`;

/** The same in plain JavaScript. */
function filterNatively(pulls: readonly { readonly number: number; readonly title: string; readonly user: { readonly login: string } }[]): number {
  return pulls.filter((pr) => /memory leak/i.test(pr.title)).map((pr) => ({ key: String(pr.number), summary: `${pr.title} by ${pr.user.login}` })).length;
}

/** Checking the demo's workflow, cold and warm, and filter + map over 100 pull requests. The compiler is imported here for the first time. */
export async function benchLanguage(demo: WorkflowSource, coldMs: number): Promise<readonly Figure[]> {
  const compiler = createCompiler({ apiFiles: nodeApiFiles() });
  compiler.compileWorkflow(demo);
  const warm: number[] = [];
  for (let round = 0; round < WARM_ROUNDS; round++) {
    // A changed text: nothing can be answered from what was checked before.
    warm.push(await timeMs(() => compiler.compileWorkflow({ ...demo, source: `${demo.source}\n// ${round}\n` })));
  }
  const { program, diagnostics } = compiler.compileWorkflow({ file: "filter.ts", source: FILTER, serverTypes: null });
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  const filter = await benchFilter(program);
  return [
    { what: "check the demo's workflow, first command", ours: ms(coldMs), baseline: "", value: coldMs, bound: MAX_COLD_CHECK_MS, unit: "ms" },
    { what: "check it again, changed", ours: ms(median(warm)), baseline: "", value: median(warm), bound: MAX_WARM_CHECK_MS, unit: "ms" },
    ...filter,
  ];
}

async function benchFilter(program: Program): Promise<readonly Figure[]> {
  const pulls = Array.from({ length: PULLS }, (_, i) => ({ number: i, title: i % 3 === 0 ? `fix: memory leak in part ${i}` : `docs: part ${i}`, user: { login: `u${i}` } }));
  const empty = emptyBody(program);
  const times = { ours: [] as number[], base: [] as number[], native: [] as number[] };
  for (let round = -ROUNDS; round < ROUNDS; round++) {
    const ours = await timeMs(() => run(program));
    const base = await timeMs(() => run(empty));
    const native = await timeMs(() => filterNatively(pulls));
    if (round < 0) continue;
    times.ours.push(ours);
    times.base.push(base);
    times.native.push(native);
  }
  // What starting a run and its list costs is not the loop's.
  const value = median(times.ours) - median(times.base);
  const nativeMs = median(times.native);
  return [
    { what: "filter + map over 100 pull requests", ours: ms(value), baseline: `${ms(nativeMs)} in JavaScript`, value, bound: MAX_FILTER_MS, unit: "ms" },
    { what: "… against JavaScript", ours: ms(value), baseline: ms(nativeMs), value: value / nativeMs, bound: MAX_FILTER_RATIO, unit: "×" },
  ];
}

/** The same program without its body's work: the globals stay. */
function emptyBody(program: Program): Program {
  return { ...program, body: { ...program.body, body: [{ kind: "return" }] } };
}

async function run(program: Program): Promise<void> {
  const frame = { runId: "r", rootRunId: "r", scope: "s", scopes: {}, phase: "run", startedAt: 0, inputs: {}, event: { kind: "call" }, sweep: null } as const;
  const { error } = await interpret(program, frame, NO_PORTS);
  if (error !== null) throw new Error(error.message);
}

/** The program takes no step. */
const NO_PORTS = {} as Ports;

/** The demo's workflow as the checker gets it, from a project that was locked. */
export function demoWorkflow(project: string): Pick<WorkflowSource, "file" | "source" | "serverTypes"> {
  const text = (file: string): string => readFileSync(`${project}/${file}`, "utf8");
  return { file: "workflows/leak-tickets.ts", source: text("workflows/leak-tickets.ts"), serverTypes: text(".offstage/types/servers.d.ts") };
}
