import type { Link } from "@opentelemetry/api";
import type { Run } from "../../model/index.ts";
import { readTraceParent, rootSpanIdOf, traceIdOf } from "./trace-ids.ts";

/** What every span of a run says of it. */
export function runAttributes({ id, workflow, event }: Pick<Run, "id" | "workflow" | "event">): { readonly [name: string]: string } {
  return { "offstage.run.id": id, "offstage.workflow.name": workflow, "offstage.run.cause": event.kind };
}

/** What led to a run and has a trace of its own: the run that started it or that it continues, or whoever sent its webhook. */
export function linksOf({ runId, rootRunId, event }: { readonly runId: string; readonly rootRunId: string; readonly event: Run["event"] }): Link[] {
  const of = (run: string): Link => ({ context: { traceId: traceIdOf(run), spanId: rootSpanIdOf(run), traceFlags: 0 } });
  const sender = event.kind === "webhook" ? readTraceParent(event.headers["traceparent"] ?? "") : null;
  return [...(rootRunId === runId ? [] : [of(rootRunId)]), ...(event.kind === "started" ? [of(event.run)] : []), ...(sender === null ? [] : [{ context: { ...sender, isRemote: true } }])];
}
