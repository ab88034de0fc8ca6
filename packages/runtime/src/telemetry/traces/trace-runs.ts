import type { AsyncLocalStorage } from "node:async_hooks";
import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { endOf, type RunFrame } from "../../engine/index.ts";
import type { OwnIds } from "./own-ids.ts";
import { linksOf, runAttributes } from "./run-attributes.ts";
import type { RunTracer } from "./run-tracer.ts";
import { rootSpanIdOf, traceIdOf } from "./trace-ids.ts";

/** What runs are traced with; `current` is the span under which a run's requests are made. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly ids: OwnIds;
  readonly current: AsyncLocalStorage<Context>;
}

/**
 * A span for the whole of a run, sent when it has come to its end, by whichever process drives it then; below it one for each time that it is driven, sent when
 * that is over. A run that is parked for months has its first spans at once.
 */
export function traceRuns({ tracer, ids, current }: Tracing): Pick<RunTracer, "execute" | "observe"> {
  const roots = new Map<string, Span>();
  const rootOf = ({ runId, rootRunId, startedAt, event }: RunFrame, workflow: string): Span =>
    ids.as({ traceId: traceIdOf(runId), spanId: rootSpanIdOf(runId) }, () => tracer.startSpan(`run ${workflow}`, { startTime: startedAt, links: linksOf({ runId, rootRunId, event }) }, ROOT_CONTEXT));

  return {
    execute: (inner) => async (program, frame, ports) => {
      const root = rootOf(frame, program.name);
      // A plan is no end: the span of the whole run is that of its apply.
      if (frame.phase !== "plan") roots.set(frame.runId, root);
      const driven = tracer.startSpan(`${frame.phase === "plan" ? "plan" : "drive"} ${program.name}`, { attributes: runAttributes({ id: frame.runId, workflow: program.name, event: frame.event }) }, trace.setSpan(ROOT_CONTEXT, root));
      try {
        const result = await current.run(trace.setSpan(ROOT_CONTEXT, driven), () => inner(program, frame, ports));
        driven.setAttribute("offstage.run.status", endOf(result));
        return result;
      } catch (error) {
        // Whoever drives the store next goes on with it.
        roots.delete(frame.runId);
        driven.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        driven.end();
      }
    },
    observe(observed) {
      if (observed.kind !== "run-ended" && observed.kind !== "run-parked") return;
      const { run } = observed;
      const root = roots.get(run.id);
      roots.delete(run.id);
      if (root === undefined || observed.kind === "run-parked") return;
      root.setAttributes({ ...runAttributes(run), "offstage.run.status": run.status, "offstage.run.writes": run.counts.writes });
      // The code alone: a message may quote what a server said.
      if (run.error !== null) root.setAttribute("error.type", run.error.code);
      if (run.status === "failed") root.setStatus({ code: SpanStatusCode.ERROR });
      root.end(run.endedAt ?? undefined);
    },
  };
}
