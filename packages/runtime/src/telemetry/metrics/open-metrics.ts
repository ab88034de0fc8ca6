import { performance } from "node:perf_hooks";
import prometheus from "prom-client";
import { oncePer } from "../health.ts";
import { createCounting } from "./count.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import type { Metrics, Standing } from "./metrics.ts";

const CIRCUITS = ["closed", "open", "trial"] as const;
/** Whoever asks more often gets the same again. Ms. */
const ASK_AGAIN_MS = 500;
/** How often the event loop's delay is sampled; the library's 10 ms would wake an idle process a hundred times a second. Ms. */
const LOOP_PRECISION_MS = 1_000;
/** What the samples give, which count their own distance as delay; `nodejs_eventloop_lag_seconds` is measured when somebody asks. */
const SAMPLED = ["min", "max", "mean", "stddev", "p50", "p90", "p99"].map((name) => `nodejs_eventloop_lag_${name}_seconds`);
/** The library's names for these break Prometheus' rules: `_total` is for counters. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Begins to count. */
export function openMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  for (const name of [...SAMPLED, ...MISNAMED]) registry.removeSingleMetric(name);
  const instruments = createInstruments(registry);
  instruments.buildInfo.set({ version, node_version: process.versions.node }, 1);
  instruments.leaseHeld.set(0);
  instruments.reloadFine.set(1);
  for (const kind of ["failed", "run-waiting", "tool-changed", "queue-aside", "queue-stuck"]) instruments.problems.inc({ kind }, 0);
  for (const error_type of ["STORE_FULL", "STORE_UNAVAILABLE"]) instruments.storeErrors.inc({ error_type }, 0);
  let standing: (() => Promise<Standing>) | null = null;
  const text = oncePer(ASK_AGAIN_MS, () => performance.now(), async () => {
    if (standing !== null) setStanding(instruments, await standing());
    return { type: registry.contentType, body: await registry.metrics() };
  });
  return {
    observe: createCounting(instruments),
    text(now) {
      standing = now;
      return text();
    },
  };
}

function setStanding({ runs, arrivalsWaiting, oldestArrival, approvalsOpen, circuit }: Instruments, { tally, circuits }: Standing): void {
  for (const gauge of [runs, arrivalsWaiting, oldestArrival, circuit]) gauge.reset();
  for (const { workflow, status, count } of tally.runs) runs.set({ workflow, status }, count);
  for (const { workflow, count, firstDueAt } of tally.arrivals) {
    arrivalsWaiting.set({ workflow }, count);
    oldestArrival.set({ workflow }, firstDueAt / 1_000);
  }
  approvalsOpen.set({ kind: "permission" }, tally.requests);
  approvalsOpen.set({ kind: "question" }, tally.questions);
  for (const [server, state] of circuits) for (const one of CIRCUITS) circuit.set({ server, state: one }, one === state ? 1 : 0);
}
