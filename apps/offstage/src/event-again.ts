import { type Data, OffstageError, type Redactor } from "offstage/base";
import { serveWorkflow } from "offstage/host";
import { type Run, type RunEvent, type TriggerEvent, triggerEventOf } from "offstage/model";
import type { Program, TriggerNode } from "offstage/program";
import type { Store } from "offstage/state";
import { findRun } from "./find-run.ts";

/** What the option of `run` and `plan` says. */
export const EVENT_OF_HELP = "the event that started this earlier run, by its id or its beginning: for the workflow as it is now";

/** What an event that came before is taken with once more. */
export interface Again {
  readonly store: Store;
  readonly redactor: Redactor;
  readonly program: Program;
  /** Who asks: it is as if that person had started the run. */
  readonly by: string;
  /** A plan writes nothing, so that it may be made beside the run that has the event. */
  readonly phase: "plan" | "run";
}

/**
 * The event of an earlier run, for a workflow that is to be run or planned with it as if it came now: a trigger of the workflow has to listen to such events, and its filter to want this one. Errors: those of {@link findRun};
 * `USAGE` when no event started that run, when the workflow does not take it, and, but for a plan, while that run goes on: what has no identity would be written by both.
 */
export async function eventAgain({ store, redactor, program, by, phase }: Again, id: string): Promise<RunEvent> {
  const run = await findRun(store, id);
  const event = triggerEventOf(run.event);
  if (event === null) throw new OffstageError("USAGE", `No event started run ${run.id}: ${run.event.kind === "call" ? "somebody called it" : "another run started it"}.`, { hint: `Run the workflow: offstage run ${run.workflow}` });
  if (phase === "run") await refuseBeside(store, run);
  const { triggers } = await serveWorkflow(program, { redactor });
  const verdicts = triggers.filter(({ node }) => hears(node, event)).map((trigger) => trigger.judge(event as unknown as Data));
  if (verdicts.length === 0) throw new OffstageError("USAGE", `${program.name} does not listen to what started run ${run.id}: ${whatOf(event)}.`, { hint: `That run was one of ${run.workflow}.` });
  const failed = verdicts.find((verdict) => verdict.kind === "failed");
  if (failed !== undefined) throw new OffstageError(failed.error.code, `The filter or the key of ${program.name} failed at this event: ${failed.error.message}`);
  if (!verdicts.some(({ kind }) => kind === "wanted")) throw new OffstageError("USAGE", `The filter of ${program.name} does not want the event that started run ${run.id}.`, { hint: "See `when` of its trigger." });
  return { ...event, by };
}

async function refuseBeside(store: Store, { id, rootRunId }: Run): Promise<void> {
  const [last] = await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ rootRunId, status: ["queued", "running", "parked"], limit: 1 }));
  if (last === undefined) return;
  throw new OffstageError("USAGE", `Run ${id} is not over: ${last.id === id ? "it" : last.id} is ${last.status}, and has that event still.`, { hint: `End it first: offstage cancel ${last.id}` });
}

function hears(node: TriggerNode, event: TriggerEvent): boolean {
  switch (node.kind) {
    case "every":
    case "cron":
      return event.kind === "schedule";
    case "webhook":
      return event.kind === "webhook" && event.source === node.source;
    case "queue":
      // A message does not say of which queue it is.
      return event.kind === "queue";
    case "resource":
      return event.kind === "resource" && event.uri === node.uri;
  }
}

function whatOf(event: TriggerEvent): string {
  return event.kind === "webhook" ? `the webhook ${event.source}` : event.kind === "resource" ? `the resource ${event.uri}` : `a ${event.kind}`;
}
