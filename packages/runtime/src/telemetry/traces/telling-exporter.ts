import { performance } from "node:perf_hooks";
import type { SpanExporter } from "@opentelemetry/sdk-trace";

/** Ms between two complaints. */
const PAUSE_MS = 300_000;

/** An exporter that says when it could not send: OpenTelemetry's own keeps that to itself. */
export function tellingExporter(exporter: SpanExporter, onTrouble: (message: string) => void): SpanExporter {
  let toldAt = -Infinity;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && performance.now() - toldAt > PAUSE_MS) {
          toldAt = performance.now();
          onTrouble(`Traces cannot be sent: ${result.error.message}`);
        }
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
