import { inspect, isDeepStrictEqual } from "node:util";
import { encodeValue } from "offstage/base";
import { knownHash } from "offstage/gate";
import type { Executor } from "offstage/host";
import { type Certainty, DEFAULT_POLICY, type Plan, type PlannedEffect, type Policy } from "offstage/model";
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

/** How an apply is refused whose plan failed. */
const NO_PLAN = "PLAN_UNKNOWN";

/** A play of which nothing is compared; they are counted, so that one sees how many. */
const OTHERWISE = "ended otherwise behind something held";

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

type Ends = readonly [ends: readonly string[], left: LeftBehind];

interface Found {
  readonly counts: readonly string[];
  readonly differences: readonly string[];
}

/**
 * Generated workflows on the embedded host, natively and on the exported Python, over equal worlds: runs, a plan and its apply. They have
 * to end alike and to leave the same runs, ledger rows, bindings and calls of each loop key. Different by decision
 * (docs/decisions/2026-11-27-python-host.md), and nothing else:
 * - Plans and applies are interpreted natively too: there are two hosts to compare then.
 * - Python's plan ends an item at what is not known: its lines are some of the other plan's, and its apply makes nothing that the other one does not. Where the other
 *   plan failed after that, or Python's behind a handler, it cannot be applied. A handler is not planned by Python: only where there is none it is never surer, and where it held something, its apply may make what its own plan has.
 * - Behind a write that is held or ambiguous each goes on as far as it can: what is read, held and fails there is each one's own, and one may end otherwise than the other.
 * - A loop that fails while items are under way side by side: only how it ends is compared.
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
      const found = [await compareRuns(places, own, source), await comparePlans(places, own, source)];
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
  const [ours, byNode, byPython] = [await embedded(play), await native(play), await python(play)];
  const isCut = isCutShort(source, ours.left) || goOnAtOnce(source, ours);
  const differences = ([["natively", byNode], ["Python", byPython]] as const).flatMap(([name, theirs]) => compareEnds(name, [ours.told, ours.left], [theirs.told, theirs.left], isCut));
  const others = [byNode, byPython].flatMap(({ told }) => (endsOtherwise([ours.told, ours.left], told) ? [OTHERWISE] : []));
  return { counts: [...ours.told, ...namesOf(isCut, ours.left), ...others], differences };
}

async function comparePlans({ embedded, python }: Places, seed: number, source: string): Promise<Found> {
  const play = (stage: Stage): Promise<PlanPlay | null> => playPlan(stage, seed);
  const [ours, theirs] = [await embedded(play), await python(play)];
  if (!isPlanned(ours) || !isPlanned(theirs)) return { counts: ["no plan"], differences: isPlanned(ours) === isPlanned(theirs) || ours.left.held.length > 0 ? [] : ["Only one came to a plan."] };
  const [lines, theirLines] = [linesOf(ours.told.plan), linesOf(theirs.told.plan)];
  const isCut = isCutShort(source, ours.left);
  const [isRefused, isTheirsRefused] = [ours, theirs].map(({ told }) => told.ends.at(-1) === NO_PLAN);
  const isPrefix = "cutShort" in theirs.told.plan;
  const handles = source.includes("} catch (");
  if (!isPrefix && !(isRefused && isTheirsRefused && hasItemsSideBySide(source)) && (!handles || isDeepStrictEqual([lines, ours.told.read, isRefused], [theirLines, theirs.told.read, isTheirsRefused]))) {
    const differences = differenceOf("Python's plan", { lines, read: ours.told.read, isRefused }, { lines: theirLines, read: theirs.told.read, isRefused: isTheirsRefused });
    const others = endsOtherwise([ours.told.ends, ours.left], theirs.told.ends) ? [OTHERWISE] : [];
    return { counts: ["whole plan", ...ours.told.ends, ...namesOf(isCut, ours.left), ...others], differences: [...differences, ...surer(ours, theirs, handles), ...compareEnds("Python's plan", [ours.told.ends, ours.left], [theirs.told.ends, theirs.left], isCut)] };
  }
  // A plan that fails while items are under way side by side: which of the others had begun is nobody's promise.
  if (isRefused && isTheirsRefused && hasItemsSideBySide(source)) return { counts: ["plan that failed side by side"], differences: [] };
  // Which call goes wrong depends on how many were made before.
  if (missing("", theirs.told.read, ours.told.read).length > 0) return { counts: ["plan that read more"], differences: [] };
  // What the other plan failed at Python may not have come to: its own lines go past that, also where it failed later.
  const isPast = isRefused;
  const differences = isPast ? [] : [...strangeLines(theirs.told.plan, ours.told.plan), ...surer(ours, theirs, handles)];
  if (isTheirsRefused && !isRefused && !handles) differences.push("Python's plan failed, and the other did not.");
  // A handler is not planned by Python, so what it writes is held, its item is come to again when the run goes on, and a record is looked for anew, which then may succeed: what
  // is written then its plan had.
  const own = handles && theirs.left.held.length > 0 ? theirs.told.performed.filter((write) => isPlannedCall(theirs.told.plan, write)) : [];
  const counts = ["prefix plan", ...(isPast ? ["refused past the prefix"] : []), ...(own.length > 0 ? ["prefix plan with something held behind a handler"] : [])];
  return { counts, differences: [...differences, ...(isRefused || isCut ? [] : missing("Python's apply", theirs.told.performed, [...ours.told.performed, ...own]))] };
}

/** Whether a plan has a line of the call, whose arguments it may not know. */
function isPlannedCall({ effects }: Plan, write: string): boolean {
  return effects.some(({ tool, args }) => (args.unknown.length > 0 ? write.startsWith(`{"tool":${JSON.stringify(tool)},`) : write === encodeValue({ tool, args: args.value })));
}

/** What Python's plan is sure of, and the other is not. */
function surer(ours: Played<PlanPlay>, theirs: Played<PlanPlay>, handles: boolean): string[] {
  return handles ? [] : missing("what Python's plan is sure of", linesOf(theirs.told.plan, "sure"), linesOf(ours.told.plan, "sure"));
}

function isPlanned(played: Played<PlanPlay | null>): played is Played<PlanPlay> {
  return played.told !== null;
}

/** How runs ended, and what they left. Where one held something, how far each came behind it is left out; where they end otherwise for it, there is nothing to compare. */
function compareEnds(name: string, [ends, left]: Ends, [theirEnds, theirLeft]: Ends, isCut: boolean): readonly string[] {
  if (endsOtherwise([ends, left], theirEnds)) return [];
  if (isCut) return differenceOf(name, upToFailed(ends), upToFailed(theirEnds));
  const shown = (told: readonly string[], { runs, ledger, bindings, ...behind }: LeftBehind): unknown => ({ told, runs, ledger, bindings, ...(left.held.length === 0 ? behind : {}) });
  return differenceOf(name, shown(ends, left), shown(theirEnds, theirLeft));
}

/** What comes after it meets other calls gone wrong, since which of them do depends on how many were made before. */
function upToFailed(ends: readonly string[]): readonly string[] {
  const failed = ends.findIndex((end) => end.includes("failed"));
  return failed === -1 ? ends : ends.slice(0, failed + 1);
}

function endsOtherwise([ends, { held }]: Ends, theirEnds: readonly string[]): boolean {
  return held.length > 0 && !isDeepStrictEqual(ends, theirEnds);
}

function namesOf(isCut: boolean, { held }: LeftBehind): readonly string[] {
  return isCut ? ["cut short"] : held.length > 0 ? ["with something held"] : [];
}

/** Whether a loop whose items go side by side ended at the first that failed. */
function isCutShort(source: string, { runs }: LeftBehind): boolean {
  return hasItemsSideBySide(source) && runs.some((run) => run.includes('"status":"failed"'));
}

/** Whether a run that waited and the one that went on with what was permitted to it were due at one instant: which of them makes a write that both come to is nobody's promise. */
function goOnAtOnce(source: string, { told, left: { runs } }: Played<readonly string[]>): boolean {
  return runs.filter((run) => run.includes('"workflow":"generated"')).length > told.length && /\b(?:sleep|poll|waitFor|approve)\(/.test(source);
}

function hasItemsSideBySide(source: string): boolean {
  return source.includes("parallel: 2 }");
}

/** All, or those of one certainty; without what each line waits for, which may be what Python did not come to. */
function linesOf({ effects }: Plan, certainty?: Certainty): string[] {
  return effects
    .filter((effect) => certainty === undefined || effect.certainty === certainty)
    .map((effect) => inspect([placeOf(effect), effect.args.value, effect.args.unknown.map(({ path }) => path)], { depth: 9, breakLength: Infinity }))
    .toSorted();
}

/** Lines of one plan that the other does not have; either may know arguments that the other does not. */
function strangeLines({ effects }: Plan, { effects: others }: Plan): string[] {
  const left = [...others];
  const strange = effects.filter((one) => {
    const at = left.findIndex((other) => isDeepStrictEqual(placeOf(one), placeOf(other)) && knownAlike(one, other));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return strange.map((line) => `Python's plan has ${inspect(line, { depth: 9 })}`);
}

function knownAlike({ args }: PlannedEffect, { args: others }: PlannedEffect): boolean {
  const unknown = [...args.unknown, ...others.unknown];
  return knownHash(args, unknown) === knownHash(others, unknown);
}

/** Without ids and steps, whose spelling is each language's own. */
function placeOf({ identity, identityKnown, sign, server, tool, target, undo }: PlannedEffect): unknown {
  return [identity.kind === "step" || !identityKnown ? identity.kind : identity, sign, server, tool, target, undo];
}

function missing(what: string, some: readonly string[], all: readonly string[]): string[] {
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
