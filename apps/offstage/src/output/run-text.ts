import { type Data, type ErrorData, shorten, stringifyExact } from "offstage/base";
import { TELLING } from "offstage/host";
import type { LedgerEntry, Run, RunHold } from "offstage/model";
import { type GivenFor, inProject, shellWord } from "../command-line.ts";
import { escapeControls } from "../terminal.ts";
import { counted } from "./counted.ts";
import { sweptLines } from "./swept-text.ts";
import { waitLine } from "./wait-text.ts";

/** Commands as they stand in our texts. */
const AS_THEY_STAND: GivenFor = { projectFolder: null };

/** What a run did and what is left, as people read it at its end. `given`: for which project the commands are that it names. */
export function runText(run: Run, effects: readonly LedgerEntry[], started: readonly Run[] = [], given = AS_THEY_STAND): string {
  return [...effectLines(effects), headline(run), ...sweptLines(run), ...outputLine(run), ...leftLines(run, given), ...startedLines(started)].join("\n");
}

/** What a story tells besides its run and what that wrote. */
interface Around {
  /** Runs that it started. */
  readonly started?: readonly Run[];
  /** The last run that went on with it. */
  readonly continued?: Run | null;
  /** What tells the event that started it from others; null where none did, or it is kept no more. */
  readonly eventId?: string | null;
  /** For which project the commands are that it names. */
  readonly given?: GivenFor;
}

/** A run's story: what started it, what it wrote, what it waits for, and what came after it. */
export function storyText(run: Run, effects: readonly LedgerEntry[], { started = [], continued = null, eventId = null, given = AS_THEY_STAND }: Around = {}): string {
  const settled = new Set(effects.filter(({ status }) => status === "done" || status === "failed").map(({ id }) => id));
  const origin = `${eventText(run.event)}${namedBy(run.event, eventId)}${run.sweep ? ", a sweep" : ""}, ${instant(run.startedAt)}`;
  return [
    `Run ${run.id} of ${run.workflow}: ${run.status}`,
    `  ${run.phase === "apply" ? "planned" : "started"}   ${origin}${run.rootRunId === run.id ? "" : `, continues ${run.rootRunId}`}`,
    ...(run.endedAt === null ? [] : [`  ended     ${instant(run.endedAt)}, after ${elapsed(tookMs(run, run.endedAt))}`]),
    ...(continued === null ? [] : [`  went on   as ${continued.id}: ${continued.status}`]),
    `  inputs    ${escapeControls(JSON.stringify(run.inputs))}`,
    `  program   ${run.programHash.slice(0, 12)}, phase ${run.phase}`,
    `  calls     ${run.counts.calls}, of them ${counted(run.counts.writes, "write")}; ${counted(run.counts.replayed, "write")} answered from the ledger`,
    ...readsLine(run),
    ...Object.entries(run.counts.unlike ?? {}).map(([tool, count]) => `  unlike    ${escapeControls(tool)}: ${counted(count, "answer")} in another shape than was learnt`),
    ...sweptLines(run).map((line) => `  sweep     ${line}`),
    ...(run.output === null ? [] : [`  output    ${escapeControls(stringifyExact(run.output))}${asIfMade(run)}`]),
    ...titled("Writes:", effectLines(effects.filter((entry) => !isMessage(entry)))),
    ...titled("Messages of what it asks people:", effectLines(effects.filter(isMessage))),
    ...leftLines({ ...run, ambiguous: run.ambiguous.filter((hold) => !settled.has(hold.effect)) }, given, continued),
    ...section("Not known when it ended, settled since:", run.ambiguous.filter((hold) => settled.has(hold.effect)).map((hold) => `${hold.effect.slice(0, 12)}  ${escapeControls(hold.label)}`)),
    ...startedLines(started),
  ].join("\n");
}

/** What it read, and how often where that was more than once. */
function readsLine({ counts }: Run): readonly string[] {
  const reads = Object.entries(counts.reads ?? {}).map(([tool, times]) => `${escapeControls(tool)}${times === 1 ? "" : ` (${times} times)`}`);
  return reads.length === 0 ? [] : [`  read      ${reads.join(", ")}`];
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function eventText(event: Run["event"]): string {
  const again = event.by === undefined || event.kind === "started" ? "" : `, once more by ${escapeControls(event.by)}`;
  switch (event.kind) {
    case "call":
      return event.by === undefined ? "called by hand" : `called by ${escapeControls(event.by)}`;
    case "schedule":
      return `schedule of ${event.at}${again}`;
    case "resource":
      return `change of ${escapeControls(event.uri)}${again}`;
    case "webhook":
      return `webhook ${escapeControls(event.source)}${again}`;
    case "queue":
      return `message of a queue${event.attempt === 1 ? "" : `, delivery ${event.attempt}`}${again}`;
    case "started":
      return `by run ${event.run} of ${event.workflow}, key ${escapeControls(event.key)}`;
  }
}

/** A time of a schedule names itself. */
function namedBy({ kind }: Run["event"], eventId: string | null): string {
  if (eventId === null || (kind !== "webhook" && kind !== "queue" && kind !== "resource")) return "";
  return `, ${kind === "webhook" ? "delivery" : "event"} ${cut(escapeControls(eventId))}`;
}

/** An apply continues the run that was planned, perhaps days ago: what it took is how long it was driven. */
function tookMs(run: Run, endedAt: number): number {
  return run.phase === "apply" ? run.drivenMs : endedAt - run.startedAt;
}

/** When a run began to do what it did: an apply when it was applied, not when it was planned. Milliseconds since the epoch. */
export function beganAt(run: Run): number {
  return run.phase === "apply" && run.endedAt !== null ? run.endedAt - run.drivenMs : run.startedAt;
}

function headline(run: Run): string {
  if (run.status === "parked") return `Run ${run.id} is parked: ${counted(run.counts.writes, "write")} so far.`;
  const took = run.endedAt === null ? "" : ` in ${elapsed(tookMs(run, run.endedAt))}`;
  const replayed = run.counts.replayed === 0 ? "" : `, ${run.counts.replayed} done before`;
  return `Run ${run.id} ${run.status}${took}: ${counted(run.counts.writes, "write")}${replayed}.`;
}

/** What the workflow returned; whole with `show` and `--json`. */
function outputLine(run: Run): readonly string[] {
  return run.output === null ? [] : [`Output${asIfMade(run)}: ${escapeControls(shorten(stringifyExact(run.output), 500))}`];
}

/** Code goes on behind a write that is held: what it returns may tell of that write as if it had been made. */
function asIfMade({ held }: Run): string {
  return held.length === 0 ? "" : ", as if what is held had been made";
}

function effectLines(effects: readonly LedgerEntry[]): readonly string[] {
  return effects.map((entry) => {
    const call = entry.tool === null ? entry.server : `${entry.server}.${entry.tool}`;
    return `  ${MARKS[entry.status]} ${escapeControls(nameOf(entry))}  ${call}${resultText(entry)}`;
  });
}

const MARKS = { done: "✓", failed: "✗", ambiguous: "?", intended: "…" } as const satisfies Record<LedgerEntry["status"], string>;

function resultText(entry: LedgerEntry): string {
  switch (entry.outcome?.kind) {
    case undefined:
      return "  sent or not, no answer was kept";
    case "done":
      // An adoption made no call: what it keeps names what it took over.
      return shown(entry.tool === null ? ((entry.outcome.value as { readonly kept?: Data }).kept ?? null) : entry.outcome.value);
    case "failed":
    case "ambiguous":
      return `  ${entry.outcome.error.code}: ${cut(escapeControls(entry.outcome.error.message))}`;
  }
}

/** The short fields of a result that name what was made: keys, ids, links. */
function shown(value: Data): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const named = Object.entries(value as { readonly [key: string]: Data }).flatMap(([name, field]) => (NAMING.includes(name) && (typeof field === "string" || typeof field === "number") ? [{ name, text: cut(escapeControls(String(field))) }] : []));
  const links = named.filter(({ name }) => LINKS.includes(name));
  const [link] = links.toReversed();
  const others = named.filter(({ name }) => !LINKS.includes(name));
  // A key and a link say what was made; more names of the same thing are noise.
  const shownFields = [...others.slice(0, 1), ...(link === undefined ? [] : [link])];
  return shownFields.length === 0 ? "" : `  ${shownFields.map(({ text }) => text).join("  ")}`;
}

const LINKS: readonly string[] = ["self", "url", "html_url"];
const NAMING: readonly string[] = ["key", "number", "name", "id", ...LINKS];

/** People are told of what a run asks in its name, by a write that is not its workflow's. */
function isMessage({ identity }: LedgerEntry): boolean {
  return identity.kind === "once" && identity.scope === TELLING;
}

function nameOf(entry: LedgerEntry): string {
  const { identity } = entry;
  switch (identity.kind) {
    case "record":
      return `${identity.record} ${identity.key} ${identity.action}`;
    case "once":
      // Of the request and who is told: ids have no spaces, people may.
      return isMessage(entry) ? identity.key.replace(/^(\S+) (.*)$/s, "of $1, to $2") : identity.key;
    case "start":
      return `start ${identity.scope} ${identity.key}`;
    case "step":
      return identity.step;
  }
}

/** Commands are named by our own texts alone: what strangers wrote is shown as it is, whatever it looks like. */
function leftLines(run: Run, given: GivenFor, continued: Run | null = null): readonly string[] {
  const ours = (text: string): string => inProject(given, text);
  return [
    ...(run.error === null ? [] : ["", `${run.error.code}: ${escapeControls(run.error.message, "mark")}`, ...placeLines(run.error), ...(run.error.hint === undefined ? [] : [`  hint: ${escapeControls(ours(run.error.hint), "mark")}`])]),
    ...section("Failed:", run.failures.map((failure) => `${escapeControls(failure.step)}: ${failure.error.code}: ${cut(escapeControls(failure.error.message))}${failure.error.at === undefined ? "" : ` (${escapeControls(failure.error.at)})`}`)),
    ...section(ours("Not known whether these happened (later runs ask again; `offstage resolve <effect>` says what you found out):"), run.ambiguous.map(holdLine)),
    ...section("Waits for:", run.waits.map((wait) => waitLine(run.id, wait, given))),
    ...(run.waits.length === 0 ? [] : [ours(`It goes on from here, when that has come: offstage resume ${run.id}`)]),
    // What the run that went on with it holds, that one says.
    ...section(continued === null ? "Held:" : "Held when it ended:", run.held.map((hold) => holdLine(hold.why.startsWith(APPROVAL) ? { ...hold, why: ours(hold.why) } : hold))),
    ...(continued === null ? liftLines(run).map(ours) : []),
  ];
}

const APPROVAL = "awaits approval: ";
const PAUSED = "paused: ";
const NOT_IN_PLAN = "not in plan: ";
const NOT_NOW = "not now: ";

/** What lets go what is held. What an apply holds waits for another plan, unless it is paused; what was denied waits for nobody; what comes after another write waits for that one. */
function liftLines({ id, phase, held, workflow, event }: Run): readonly string[] {
  const whys = held.filter(({ waits }) => waits).map(({ why }) => why);
  const paused = [...new Set(whys.filter((why) => why.startsWith(PAUSED)).map((why) => why.slice(PAUSED.length)))];
  return [
    ...(paused.length === 0 ? [] : [`What is paused: offstage unpause ${paused.map((name) => (name === "everything" ? "all" : shellWord(escapeControls(name)))).join(" ")}${phase === "run" && event.kind === "call" ? `; after that, to make it: offstage resume ${id}` : ""}`]),
    ...(whys.some((why) => why.startsWith(NOT_IN_PLAN)) ? [`What is not in the plan waits for no person: \`offstage plan ${workflow}\` shows it for another apply, \`offstage run ${workflow}\` makes it as far as the policy lets it.`] : []),
    ...(phase === "run" && whys.some((why) => why.startsWith(NOT_NOW)) ? ["What is not made now is made by itself when its time comes, where `offstage serve` runs; else by the next run."] : []),
    ...(phase === "run" && whys.some((why) => !why.startsWith(PAUSED) && !why.startsWith(NOT_NOW) && !why.startsWith("after: ")) ? ["What waits for a person: offstage approve"] : []),
  ];
}

/** Where a run failed: the line of the text, and the step with its loop keys. */
function placeLines({ at, step }: ErrorData): readonly string[] {
  return at === undefined ? [] : [`  at ${escapeControls(at)}${step === undefined ? "" : `, step ${cut(escapeControls(step))}`}`];
}

/** One effect that is held or ambiguous: its short id, what it is and why. */
export function holdLine(hold: RunHold): string {
  // Some reasons name what they are about, because they are errors too.
  const why = hold.why.startsWith(`${hold.label}: `) ? hold.why.slice(hold.label.length + 2) : hold.why;
  return `${hold.effect.slice(0, 12)}  ${escapeControls(hold.label)}: ${escapeControls(why)}`;
}

/** The runs that a run started: each is one of its own, with an end of its own. */
function startedLines(started: readonly Run[]): readonly string[] {
  const waits = started.some(({ status }) => status === "queued" || status === "running");
  return [
    ...section("Started:", started.map((run) => `${run.id}  ${run.workflow}${run.event.kind === "started" ? ` ${escapeControls(run.event.key)}` : ""}: ${run.status}`)),
    ...(waits ? ["Whoever drives this store goes on with them: the next offstage run, apply or resume."] : []),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

/** How long something took, as exactly as people want it: `840ms`, `7.7s`, `2m 05s`, `1h 02m`. */
export function elapsed(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  const [large, small, units] = seconds < 3600 ? [Math.floor(seconds / 60), seconds % 60, "ms"] : [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), "hm"];
  return `${large}${units.charAt(0)} ${String(small).padStart(2, "0")}${units.charAt(1)}`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function cut(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}
