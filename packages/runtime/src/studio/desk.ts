import type { Data, JsonObject } from "../base/index.ts";
import type { DraftFile } from "./draft-file.ts";
import type { ExportTarget } from "./export-targets.ts";

/** What came of something that was done with the project: what its command prints, and says in JSON. Secrets are replaced in both. */
export interface Told {
  readonly ok: boolean;
  /** What was found or done. It may hold strangers' words: of servers, of who wrote a title. */
  readonly text: string;
  readonly data: Data;
  /** What was said beside it: notes, warnings, and why it failed. */
  readonly notes: string;
  /** More was told than a session can show anybody: texts lack their middle, data may be a word about it. */
  readonly isCut?: true;
}

/** What a person is to look at before they permit it. */
export interface Shown extends Told {
  /** Names exactly what is shown. */
  readonly about: string;
  /** The command by which a person permits it, as it can be given. */
  readonly command: string;
}

/** A text with the fixes made that its faults name. */
export interface Mended extends Told {
  /** The text as it was where it is not `ok`. */
  readonly source: string;
}

/**
 * What a session does with a project, besides drafting; made by a composition root. Each is what the command of that name does, over
 * the drafts: one gate, one ledger, one text for people and for models. `signal`: aborted when nobody waits for the answer. None rejects for what a user may meet.
 */
export interface Desk {
  /** Ranks the tools of all servers by words; one tool by its whole name, all of one server by the server's. */
  tools(words: readonly string[], signal: AbortSignal): Promise<Told>;
  /** Calls a tool that reads, and learns the shape of its result, of which `data` is what helps to see what it is like (`cutValue`). What may write is refused. */
  call(tool: string, args: JsonObject, signal: AbortSignal): Promise<Told>;
  /** All faults of a workflow, or of all. */
  check(workflow: string | null, signal: AbortSignal): Promise<Told>;
  /** All faults of a text as the profile of a server. */
  checkProfile(server: string, source: string, signal: AbortSignal): Promise<Told>;
  /** Runs a workflow held at its writes. `data.plan` is the plan. */
  plan(workflow: string, inputs: JsonObject, signal: AbortSignal): Promise<Told>;
  /** A text of a workflow or a profile with the fixes made that its faults name and that are mechanical. */
  mend(file: DraftFile, text: string, signal: AbortSignal): Promise<Mended>;
  /** Plans a workflow offline over what its last plan was told, `answers` over that by `server.tool`, or by that and arguments: `server.tool {…}`; runs it twice where those answer its writes too. */
  test(workflow: string, answers: JsonObject, inputs: JsonObject, signal: AbortSignal): Promise<Told>;
  /** A plan as it was made, to be shown whole. */
  planned(plan: string, signal: AbortSignal): Promise<Shown>;
  /** Performs exactly a plan, but for the writes that `without` names by their ids. Asks nobody: whoever calls it has a person's word. */
  apply(plan: string, without: readonly string[], signal: AbortSignal): Promise<Told>;
  /** The newest runs, of one workflow or of all. */
  runs(workflow: string | null, signal: AbortSignal): Promise<Told>;
  /** The story of a run, by the beginning of its id; of the newest without one. */
  show(run: string | null, signal: AbortSignal): Promise<Told>;
  /** What adopting a draft would put into the project, to be shown whole: errors as of {@link adopt}. */
  adoption(file: DraftFile, signal: AbortSignal): Promise<Shown>;
  /** Puts the draft of that revision into the project's files, where those who serve take it from; a profile's classes are pinned. Asks nobody. */
  adopt(file: DraftFile, revision: number, signal: AbortSignal): Promise<Told>;
  /** Writes a workflow as files that run without the project, below `export/`. */
  export(workflow: string, target: ExportTarget, signal: AbortSignal): Promise<Told>;
}
