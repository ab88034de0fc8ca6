import { type IdGenerator, RandomIdGenerator } from "@opentelemetry/sdk-trace";

/** Random ids, but for a span that has its own. */
export interface OwnIds extends IdGenerator {
  /** The span that `start` starts, and no other, has these. */
  as<T>(ids: { readonly traceId: string; readonly spanId: string }, start: () => T): T;
}

/** Makes {@link OwnIds}. */
export function createIds(): OwnIds {
  const random = new RandomIdGenerator();
  let own: { readonly traceId: string; readonly spanId: string } | null = null;
  return {
    generateTraceId: () => own?.traceId ?? random.generateTraceId(),
    generateSpanId: () => own?.spanId ?? random.generateSpanId(),
    as<T>(ids: { readonly traceId: string; readonly spanId: string }, start: () => T): T {
      own = ids;
      try {
        return start();
      } finally {
        own = null;
      }
    },
  };
}
