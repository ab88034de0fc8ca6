export type { Metrics } from "./metrics/metrics.ts";
export { startLog } from "./logs/start-log.ts";
export { startMetrics } from "./metrics/start-metrics.ts";
export { bearerToken, isLocal, isSameToken } from "./access.ts";
export { createEndpoints, type Endpoints, type MetricsAccess } from "./endpoints.ts";
export { createHealth, type Health } from "./health.ts";
export type { Observe } from "./observed.ts";
export { observedSessions } from "./observed-sessions.ts";
export type { RunTracer } from "./traces/run-tracer.ts";
export { startTracer } from "./traces/start-tracer.ts";
export { traceIdOf } from "./traces/trace-ids.ts";
export { observedStore } from "./observed-store.ts";

