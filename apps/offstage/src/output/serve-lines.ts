import { type ErrorData, shorten } from "offstage/base";
import { type Arrival, isEnded, type Run } from "offstage/model";
import type { Brought, RunNews } from "offstage/host";
import type { ServeListener } from "../serve-project.ts";
import { escapeControls } from "../terminal.ts";
import { counted } from "./counted.ts";
import { prunedText } from "./pruned-text.ts";
import { queueNewsLine } from "./queue-lines.ts";
import { reloadLine } from "./reload-lines.ts";

/** One line of what happens while workflows are served. */
export function serveNewsLine(news: Parameters<ServeListener["news"]>[0]): string {
  switch (news.kind) {
    case "open":
      return `open     ${news.paths.map((path) => `${news.url}${path}`).join(" ")}`;
    case "delivered":
      return escapeControls(`webhook  ${news.source}, ${news.id}: ${deliveredText(news.brought)}`);
    case "refused":
      return escapeControls(`refused  webhook ${news.source}: ${news.status} ${news.why}`);
    case "listening":
      return escapeControls(`serving  ${news.workflow}: ${news.triggers.join(", ")}`);
    case "arrived":
      return escapeControls(`due      ${whatCame(news.arrival)}`);
    case "dropped":
      return escapeControls(`dropped  ${whatCame(news.arrival)}: ${news.arrival.why ?? ""}`);
    case "started":
      return escapeControls(`queued   ${nameOf(news.run)}: ${news.arrival.trigger}, ${news.arrival.id}`);
    case "led":
      return "this process drives the store's runs";
    case "followed":
      return "another process drives the store's runs; this one takes over when that is gone";
    case "pruned":
      return `pruned   ${prunedText(news.pruned)}`;
    case "failed":
      return escapeControls(`problem  ${news.error.message}`);
    case "reloaded":
    case "reload-unneeded":
    case "reload-refused":
    case "restart-needed":
      return reloadLine(news);
    default:
      return queueNewsLine(news);
  }
}

/** The same for a run; null for what goes on inside of one. */
export function runNewsLine(news: RunNews): string | null {
  switch (news.kind) {
    case "run-started":
      return escapeControls(`${news.resumed ? "resumed " : "begun   "} ${nameOf(news.run)}`);
    case "run-parked":
    case "run-ended": {
      const { status, waits } = news.run;
      const parts = [status, ...countsOf(news.run), ...waits.map(({ label }) => `waits for ${label}`)].join(", ");
      return escapeControls(`${isEnded(status) ? "ended   " : "parked  "} ${nameOf(news.run)}: ${parts}${whyText(news.run)}`);
    }
    case "run-waiting":
      return escapeControls(`problem  ${news.why}`);
    case "effect-ambiguous":
    case "effect-failed":
      // Some details begin with what they are about, because they are errors too.
      return escapeControls(`problem  ${news.label}: ${withoutLabel(news.detail, news.label)} (${news.runId})`);
    case "log":
      return escapeControls(`log      ${news.text} (${news.runId})`);
    case "effect-done":
    case "effect-held":
    case "effect-skipped":
      return null;
  }
}

/** A run came to a tool that is not as it was locked; `look` is the command that shows how. Told once a tool: it stays so until somebody locks it. */
export function changedLine(tool: string, look: string): string {
  return escapeControls(`changed  ${tool} is not the tool that offstage.lock has: its writes are refused, its reads may answer otherwise; see ${look}`);
}

function nameOf({ workflow, id, sweep }: Pick<Run, "workflow" | "id" | "sweep">): string {
  return `${workflow} (${id}${sweep ? ", a sweep" : ""})`;
}

/** What a run did and left, in a few words. */
function countsOf({ counts, held, ambiguous, failures }: Run): readonly string[] {
  const of = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);
  return [counted(counts.writes, "write"), ...of(held.length, "held"), ...of(ambiguous.length, "not known"), ...of(failures.length, "failed")];
}

/** What ended a run, or kept it from writing: what is looked for first at night; `offstage show` has the rest. */
function whyText({ status, error, failures, held, ambiguous }: Run): string {
  if (error !== null) return `: ${error.message}${placeOf(error)}`;
  const [failure] = failures;
  if (failure !== undefined) return `: ${failure.step}: ${shorten(failure.error.message, WHY)}${placeOf(failure.error)}`;
  const hold = status === "planned" || ambiguous.length > 0 ? undefined : held.find(({ waits, until }) => waits && until === undefined);
  return hold === undefined ? "" : `: ${hold.label}: ${shorten(withoutLabel(hold.why, hold.label), WHY)}`;
}

const WHY = 300;

function placeOf({ at }: ErrorData): string {
  return at === undefined ? "" : ` (${at})`;
}

function withoutLabel(text: string, label: string): string {
  return text.startsWith(`${label}: `) ? text.slice(label.length + 2) : text.startsWith(`${label} `) ? text.slice(label.length + 1) : text;
}

function deliveredText({ arrivals, waits }: Brought): string {
  const dropped = arrivals.flatMap(({ workflow, why }) => (why === null ? [] : [`dropped for ${workflow}: ${why}`]));
  const parts = [...arrivals.filter(({ why }) => why === null).map(({ workflow }) => `for ${workflow}`), ...dropped, ...(waits === 0 ? [] : [`for ${counted(waits, "waiting step")}`])];
  return parts.length === 0 ? "nothing new for anybody" : parts.join("; ");
}

function whatCame({ workflow, trigger, id }: Arrival): string {
  return `${workflow}, ${trigger}, ${id}`;
}
