import { inspect, isDeepStrictEqual } from "node:util";
import { encodeValue } from "offstage/base";
import type { Executor } from "offstage/host";
import { DEFAULT_POLICY, type Plan, type Policy } from "offstage/model";
import { createNativeExecutor } from "offstage/native";
import type { Program } from "offstage/program";
import type { Stage } from "../../conformance/case.ts";
import { policyOf, programOfSource } from "../../conformance/case-program.ts";
import { playProgram } from "../../conformance/embedded-stage.ts";
import { type LeftBehind, leftBehind, type Leavings } from "../../conformance/left-behind.ts";
import { playPrinted } from "../../conformance/python/python-stage.ts";
import type { StageProcesses } from "../../conformance/python/stage-processes.ts";
import { nativeImport } from "../../packages/runtime/src/testing/native-import.ts";
import { createDraw, seedOf } from "./draw.ts";
import type { FuzzPart } from "./part.ts";
import { type PlanPlay, playPlan, playRuns } from "./staged-play.ts";
import { StagedWorkflowGrower } from "./staged-workflows.ts";

/** What a play told, and what it left. */
interface Played<Told> {
  readonly told: Told;
  readonly left: LeftBehind;
}

/** Plays a program somewhere. */
type Place = <Told>(play: (stage: Stage) => Promise<Told>) => Promise<Played<Told>>;

interface Places {
  readonly embedded: Place;
  readonly native: Place;
  readonly python: Place;
}

interface Found {
  readonly counts: readonly string[];
  readonly differences: readonly string[];
}

/**
 * Generated workflows on the embedded host, natively and on the exported Python, over equal worlds: runs, a plan and its apply. They have
 * to end alike and to leave the same runs, ledger rows, bindings and calls of each loop key. Different by decision, and nothing else:
 * - Plans and applies are interpreted natively too: there are two hosts to compare then.
 * - Python's plan ends an item at what is not known. Where it did, its lines are some of the other plan's, and its apply makes nothing that the other one does not.
 * - A run that fails while strands are under way side by side ends them: how far they were is nobody's promise. Only its end is compared.
 */
export function stagedWorkflows(processes: StageProcesses): FuzzPart {
  const execute = createNativeExecutor({ importModule: nativeImport });
  return {
    name: "staged", unit: "workflows",
    async turn(seed, index) {
      const own = seedOf(seed, index);
      const draw = createDraw(own);
      const grower = new StagedWorkflowGrower(draw);
      const source = grower.workflow();
      const program = programOfSource(source);
      if (program === null) return { inputs: 0, counts: { refused: 1 }, failures: [] };
      const policy = draw.chance(0.2) ? policyOf({ approve: ["chat.send"] }) : DEFAULT_POLICY;
      const places = placesOf(program, policy, processes, execute);
      const found = [await compareRuns(places, own, source), await comparePlans(places, own)];
      const names = [...[...grower.shapes.keys()].map((shape) => `with ${shape}`), ...found.flatMap(({ counts }) => counts)];
      const counts = Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]));
      return { inputs: 1, counts, failures: found.flatMap(({ differences }) => differences).map((difference) => `${difference}\n${source}`) };
    },
  };
}

function placesOf(program: Program, policy: Policy, processes: StageProcesses, execute: Executor): Places {
  const placed = (playOn: (play: (stage: Stage) => Promise<void>, keep: (left: Leavings) => Promise<void>) => Promise<void>): Place => async <Told>(play: (stage: Stage) => Promise<Told>) => {
    const [told, left]: [Told[], LeftBehind[]] = [[], []];
    await playOn(async (stage) => void told.push(await play(stage)), async (leavings) => void left.push(await leftBehind(leavings)));
    return { told: told[0] as Told, left: left[0] as LeftBehind };
  };
  return {
    embedded: placed((play, keep) => playProgram(program, policy, play, null, keep)),
    native: placed((play, keep) => playProgram(program, policy, play, execute, keep)),
    python: placed((play, keep) => playPrinted(program, policy, play, processes, keep)),
  };
}

async function compareRuns({ embedded, native, python }: Places, seed: number, source: string): Promise<Found> {
  const play = (stage: Stage): Promise<readonly string[]> => playRuns(stage, seed);
  const ours = await embedded(play);
  const isCut = isCutShort(source, ours.told);
  const differences = [["natively", await native(play)], ["Python", await python(play)]] as const;
  return { counts: [...ours.told, ...(isCut ? ["cut short"] : [])], differences: differences.flatMap(([name, theirs]) => differenceOf(name, isCut ? ours.told : ours, isCut ? theirs.told : theirs)) };
}

async function comparePlans({ embedded, python }: Places, seed: number): Promise<Found> {
  const play = (stage: Stage): Promise<PlanPlay> => playPlan(stage, seed);
  const [ours, theirs] = [await embedded(play), await python(play)];
  const isWhole = isDeepStrictEqual(linesOf(ours.told.plan), linesOf(theirs.told.plan)) && isDeepStrictEqual(ours.left.calls, theirs.left.calls);
  if (!isWhole) return { counts: ["prefix plan"], differences: [...missing("lines of Python's plan", linesOf(theirs.told.plan), linesOf(ours.told.plan)), ...missing("Python's apply", theirs.told.performed, ours.told.performed)] };
  return { counts: ["whole plan", ours.told.end], differences: differenceOf("Python's plan", [ours.told.end, ours.left], [theirs.told.end, theirs.left]) };
}

function isCutShort(source: string, ends: readonly string[]): boolean {
  return /\bparallel\(|parallel: 2/.test(source) && ends.some((end) => end.includes("failed"));
}

/** Without the ids and steps, whose spelling is each language's own. */
function linesOf({ effects }: Plan): readonly string[] {
  return effects.map(({ identity, identityKnown, sign, server, tool, target, args, certainty, undo, why }) => encodeValue({ identity: identity.kind === "step" || !identityKnown ? identity.kind : { ...identity }, sign, server, tool, target, args: args.value, unknown: args.unknown.map(({ path }) => [...path]), certainty, undo, why: why.kind })).toSorted();
}

function missing(what: string, some: readonly string[], all: readonly string[]): readonly string[] {
  const left = [...all];
  const strange = some.filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return strange.length === 0 ? [] : [`${what}: ${strange.join("\n")}\nof\n${all.join("\n")}`];
}

function differenceOf(name: string, ours: unknown, theirs: unknown): readonly string[] {
  const [left, right] = [partsOf(ours), partsOf(theirs)];
  const lines = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((key) => left[key] !== right[key]).map((key) => `${key}\n  embedded: ${left[key] ?? "nothing"}\n  ${name}: ${right[key] ?? "nothing"}`);
  return lines.length === 0 ? [] : [`${name} is different.\n${lines.join("\n")}`];
}

/** By their paths, as far as the lists. */
function partsOf(value: unknown, path = ""): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { [path]: inspect(value, { depth: 9, maxArrayLength: null, maxStringLength: null, breakLength: Infinity }) };
  return Object.assign({}, ...Object.entries(value).map(([name, part]) => partsOf(part, `${path}/${name}`))) as Readonly<Record<string, string>>;
}
