import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, ParentBasedSampler, type SpanExporter, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { createIds } from "./own-ids.ts";
import type { RunTracer, TracerOptions } from "./run-tracer.ts";
import { tellingExporter } from "./telling-exporter.ts";
import { traceRuns } from "./trace-runs.ts";
import { traceSessions } from "./trace-sessions.ts";

/** How long the end of a process waits for traces to be sent. Ms. */
const LAST_WORDS_MS = 3_000;

/** Begins to trace. `exporter` for tests. */
export function openTracer({ resource, ratio, timeoutMs, onTrouble }: TracerOptions, exporter: SpanExporter = new OTLPTraceExporter(timeoutMs === null ? {} : { timeoutMillis: timeoutMs })): RunTracer {
  const ids = createIds();
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    resource: resourceFromAttributes({ ...resource.attributes, "service.name": resource.name, "service.version": resource.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: tellingExporter(exporter, onTrouble) })],
  });
  const tracing = { tracer: provider.getTracer("offstage", resource.version), ids, current: new AsyncLocalStorage<Context>() };
  return {
    ...traceRuns(tracing),
    sessions: traceSessions(tracing),
    async close() {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, LAST_WORDS_MS);
      await Promise.race([provider.shutdown().catch(() => undefined), late.promise]);
      clearTimeout(timer);
    },
  };
}
