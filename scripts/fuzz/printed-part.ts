import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { UnsafeInteger } from "offstage/base";
import { printWorkflows } from "offstage/exporters/python";
import { arrowName, compileArrows } from "./compile-arrows.ts";
import { sampleSeed } from "./differential.ts";
import { createDraw, type Draw, seedOf } from "./draw.ts";
import { Grower, outerScope } from "./grow.ts";
import type { FuzzPart, TurnReport } from "./part.ts";
import { drawSamples, drawUnlikeSamples } from "./samples.ts";
import { ProgramGrower } from "./statements.ts";
import { type Tree, textOf } from "./tree.ts";
import { TYPE_TEXT, type TypeName } from "./typed-names.ts";

const EXPRESSIONS = 500;
const PROGRAMS = 60;
/** How often each arrow is called, with other samples. */
const CALLS = 4;
const TYPES = Object.keys(TYPE_TEXT) as readonly TypeName[];
const RUNNER = fileURLToPath(new URL("../../conformance/python/run_helpers.py", import.meta.url));
const SOURCES = fileURLToPath(new URL("../../packages/python/src", import.meta.url));

/** Typed expressions over the whole allowlist, printed as Python and executed by it, against the interpreter. */
export const printedExpressions: FuzzPart = {
  name: "printed expressions", unit: "expressions",
  turn: (seed, index) => compareGrown(seed, index, EXPRESSIONS, growExpression, drawSamples),
};

/** Programs of all statements. */
export const printedPrograms: FuzzPart = { name: "printed programs", unit: "programs", turn: (seed, index) => compareGrown(seed, index, PROGRAMS, growProgram, drawSamples) };

/** The same with values of other kinds than the types say, as servers answer them. */
export const unlikeExpressions: FuzzPart = { name: "printed expressions over what types do not say", unit: "expressions", turn: (seed, index) => compareGrown(seed, index, EXPRESSIONS, growExpression, drawUnlikeSamples) };

/** Programs of all statements over such values. */
export const unlikePrograms: FuzzPart = { name: "printed programs over what types do not say", unit: "programs", turn: (seed, index) => compareGrown(seed, index, PROGRAMS, growProgram, drawUnlikeSamples) };

function growExpression(draw: Draw): Tree {
  const tree = new Grower(draw).expression(draw.pick(TYPES), outerScope(false), 1 + draw.below(5));
  return { type: tree.type, parts: ["(", tree, ")"] };
}

function growProgram(draw: Draw): Tree {
  return new ProgramGrower(draw).program(false);
}

interface Answer {
  readonly value?: unknown;
  readonly code?: string;
  readonly message?: string;
}

function compareGrown(seed: number, index: number, count: number, grow: (draw: Draw) => Tree, draws: typeof drawSamples): Promise<TurnReport> {
  const draw = createDraw(seedOf(seed, index));
  const bodies = Array.from({ length: count }, () => textOf(grow(draw)));
  const { program, helpers, refused } = compileArrows(bodies, "pure");
  const samplesDraw = createDraw(sampleSeed(seed, index));
  const samples = Array.from({ length: CALLS }, () => draws(samplesDraw));
  const text = String(printWorkflows(program)[0]?.content);
  const calls = bodies.flatMap((_, at) => (refused.has(at) ? [] : samples.map((__, sample) => ({ at, sample }))));
  const answers = runPython(text, samples.map(tagged), calls.map(({ at, sample }) => [arrowName(at), sample]));
  const failures: string[] = [];
  const told = new Set<number>();
  let threw = 0;
  calls.forEach(({ at, sample }, place) => {
    const ours = helpers.now(arrowName(at), [samples[sample]]);
    const theirs = answers[place];
    if (ours.kind === "threw") threw += 1;
    if (told.has(at) || isSame(ours, theirs)) return;
    told.add(at);
    failures.push(differenceText(bodies[at] ?? "", samples[sample], ours, theirs, functionIn(text, arrowName(at))));
  });
  return Promise.resolve({ inputs: count, counts: { compared: calls.length, threw, refused: refused.size }, failures });
}

/** Limits are the engine's; what else is thrown has the same code. Where two parts of a literal or template are refused, Python meets the first one, the interpreter looks when all are there. */
function isSame(ours: ReturnType<ReturnType<typeof compileArrows>["helpers"]["now"]>, theirs: Answer | undefined): boolean {
  if (ours.kind === "threw") return ours.code.startsWith("LIMIT_") || theirs?.code === ours.code || PARTS.test(theirs?.message ?? "");
  return theirs?.code === undefined && JSON.stringify(tagged(ours.value)) === JSON.stringify(theirs?.value);
}

const PARTS = /An object can spread objects|A spread takes|A template takes|be used as part of a text/;

function runPython(text: string, samples: readonly unknown[], calls: readonly (readonly [string, number])[]): readonly Answer[] {
  const { status, stdout, stderr, error } = spawnSync(process.env["OFFSTAGE_PYTHON"] ?? "python3", [RUNNER], {
    input: JSON.stringify({ text, samples, calls }), encoding: "utf8", maxBuffer: 1 << 30, env: { ...process.env, PYTHONPATH: process.env["PYTHONPATH"] ?? SOURCES, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (status !== 0) throw new Error(`Python ended: ${error?.message ?? ""}${stderr.slice(-3000)}`);
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Answer);
}

/** A value in a form of JSON that loses nothing of it. */
function tagged(value: unknown): unknown {
  if (value === undefined) return ["undefined"];
  if (typeof value === "number") return ["number", Object.is(value, -0) ? "-0" : String(value)];
  if (value instanceof UnsafeInteger) return ["integer", value.digits];
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return ["list", ...value.map(tagged)];
  if (value instanceof Map) return ["map", ...[...value].map(([key, one]) => [tagged(key), tagged(one)])];
  if (value instanceof Set) return ["set", ...[...value].map(tagged)];
  return ["object", ...Object.entries(value).map(([key, one]) => [key, tagged(one)])];
}

function functionIn(text: string, name: string): string {
  const start = text.indexOf(`def ${name}(`);
  return text.slice(start, text.indexOf("\n\n\n", start));
}

function differenceText(body: string, samples: unknown, ours: unknown, theirs: unknown, printed: string): string {
  const show = (value: unknown): string => inspect(value, { depth: 8, breakLength: 160 });
  const used = Object.entries(samples as object).filter(([name]) => new RegExp(`\\b${name}\\b`).test(body));
  return [body, `interpreter: ${show(ours)}`, `Python: ${JSON.stringify(theirs)}`, `with: ${show(Object.fromEntries(used))}`, printed].join("\n");
}
