import type { WriteOutcome } from "../../host/index.ts";
import { RUN_ENDS } from "../../model/index.ts";
import type { Observe } from "../observed.ts";
import type { Instruments } from "./instruments.ts";
import { createStartDelays } from "./start-delays.ts";

/** Counts what it is told. */
export function createCounting(instruments: Instruments): Observe {
  const delays = createStartDelays();
  return (observed) => {
    switch (observed.kind) {
      case "run-started":
      case "run-parked":
      case "run-ended":
        return countRun(instruments, delays, observed);
      case "effect-done":
      case "effect-held":
      case "effect-failed":
      case "effect-ambiguous":
        return countWrite(instruments, observed.server, observed.tool ?? "", observed.outcome);
      case "effect-skipped":
        return countWrite(instruments, observed.server, observed.tool ?? "", "replayed");
      case "exchange-ended":
        return instruments.calls.observe({ server: observed.server, mcp_method_name: observed.method, gen_ai_tool_name: observed.tool ?? "", error_type: observed.error ?? "" }, observed.seconds);
      case "session-failed":
        return instruments.sessionsFailed.inc({ server: observed.server, error_type: observed.code });
      case "transaction-ended":
        if (observed.error !== null) instruments.storeErrors.inc({ error_type: observed.error });
        return instruments.storeTime.observe({ mode: observed.mode }, observed.seconds);
      case "run-waiting":
      case "failed":
      case "tool-changed":
      case "queue-aside":
      case "queue-stuck":
        return instruments.problems.inc({ kind: observed.kind });
      case "queue-ready":
      case "queue-lost":
        return instruments.queueConnected.set({ queue: observed.queue }, observed.kind === "queue-ready" ? 1 : 0);
      case "queue-full":
      case "queue-flowing":
      case "pruned":
        return undefined;
      case "reloaded":
      case "reload-unneeded":
        instruments.reloadTime.set(observed.at / 1_000);
        return instruments.reloadFine.set(1);
      case "reload-refused":
        return instruments.reloadFine.set(0);
      case "restart-needed":
        return undefined;
      case "led":
      case "followed":
        return instruments.leaseHeld.set(observed.kind === "led" ? 1 : 0);
      default:
        return countArrival(instruments, delays, observed);
    }
  };
}

/** A counter that begins with its first event is no increase to Prometheus: what may come begins at zero. */
function beginWorkflow({ runsEnded, arrivals }: Instruments, workflow: string, triggers: readonly string[]): void {
  for (const status of RUN_ENDS) runsEnded.inc({ workflow, status }, 0);
  for (const trigger of triggers) for (const outcome of ["taken", "started", "dropped"]) arrivals.inc({ workflow, trigger, outcome }, 0);
}

const WRITE_OUTCOMES: readonly WriteOutcome[] = ["made", "replayed", "held", "refused", "failed", "ambiguous"];

function countWrite({ writes }: Instruments, server: string, tool: string, outcome: WriteOutcome): void {
  for (const one of WRITE_OUTCOMES) writes.inc({ server, tool, outcome: one }, one === outcome ? 1 : 0);
}

type Delays = ReturnType<typeof createStartDelays>;
type Told<Kind extends string> = Extract<Parameters<Observe>[0], { readonly kind: Kind }>;

function countRun(instruments: Instruments, delays: Delays, observed: Told<"run-started" | "run-parked" | "run-ended">): void {
  const { run } = observed;
  const { workflow, status } = run;
  switch (observed.kind) {
    case "run-started": {
      if (observed.resumed) return instruments.runsResumed.inc({ workflow });
      instruments.runsStarted.inc({ workflow, cause: run.event.kind });
      return instruments.startDelay.observe({ workflow }, delays.of(run));
    }
    case "run-parked":
      return instruments.runsParked.inc({ workflow });
    case "run-ended":
      delays.forget(run.id);
      instruments.runsEnded.inc({ workflow, status });
      return instruments.runDuration.observe({ workflow, status }, run.drivenMs / 1_000);
  }
}

function countArrival(instruments: Instruments, delays: Delays, observed: Told<"arrived" | "dropped" | "started" | "delivered" | "refused" | "listening" | "log">): void {
  switch (observed.kind) {
    case "arrived":
    case "dropped":
    case "started": {
      const { workflow, trigger } = observed.arrival;
      if (observed.kind === "started") delays.due(observed.run.id, observed.arrival);
      return instruments.arrivals.inc({ workflow, trigger, outcome: observed.kind === "arrived" ? "taken" : observed.kind });
    }
    case "delivered":
      for (const { workflow, trigger, status } of observed.brought.arrivals) instruments.arrivals.inc({ workflow, trigger, outcome: status === "dropped" ? "dropped" : "taken" });
      return instruments.deliveries.inc({ source: observed.source, code: "202" });
    case "refused":
      return instruments.deliveries.inc({ source: observed.source, code: String(observed.status) });
    case "listening":
      return beginWorkflow(instruments, observed.workflow, observed.triggers);
    case "log":
      return undefined;
  }
}
