import type { Json } from "../../base/index.ts";
import { isEnded, type Run } from "../../model/index.ts";
import type { Observed } from "../observed.ts";

/** How much a record matters; names and numbers are those of OpenTelemetry's log data model. */
export type Severity = "info" | "warn" | "error";

/** What is logged of something that was observed, beside its words. */
export interface LogRecord {
  readonly severity: Severity;
  /** Noun first, stable: `offstage.run.ended`. */
  readonly event: string;
  /** By names of OpenTelemetry's conventions where there are some, else under `offstage.`. */
  readonly attributes: { readonly [name: string]: Json };
  /** The run that it is about; null: none. */
  readonly runId: string | null;
}

/** null: it is counted and not logged. */
export function logRecord(observed: Observed): LogRecord | null {
  switch (observed.kind) {
    case "run-started":
    case "run-parked":
    case "run-ended":
      return runRecord(observed);
    case "effect-done":
    case "effect-held":
    case "effect-failed":
    case "effect-ambiguous": {
      const { runId, server, tool, outcome, label } = observed;
      return { severity: observed.kind === "effect-done" || observed.kind === "effect-held" ? "info" : "warn", event: "offstage.write.settled", runId, attributes: { "offstage.run.id": runId, "offstage.server.name": server, ...(tool === null ? {} : { "gen_ai.tool.name": tool }), "offstage.write.outcome": outcome, "offstage.write.label": label } };
    }
    case "log":
      return { severity: "info", event: "offstage.workflow.logged", runId: observed.runId, attributes: { "offstage.run.id": observed.runId } };
    case "run-waiting":
      return { severity: "warn", event: "offstage.run.left", runId: null, attributes: {} };
    case "tool-changed":
      return { severity: "warn", event: "offstage.tool.changed", runId: null, attributes: { "offstage.tool": observed.tool } };
    case "queue-ready":
    case "queue-lost":
    case "queue-full":
    case "queue-flowing":
    case "queue-aside":
    case "queue-stuck":
      return { severity: QUEUE_SEVERITIES[observed.kind], event: `offstage.queue.${observed.kind.slice("queue-".length)}`, runId: null, attributes: { "messaging.destination.name": observed.queue } };
    case "reloaded":
    case "reload-unneeded":
    case "reload-refused":
    case "restart-needed":
      return reloadRecord(observed);
    case "effect-skipped":
    case "exchange-ended":
    case "session-failed":
    case "transaction-ended":
      return null;
    default:
      return triggerRecord(observed);
  }
}

const QUEUE_SEVERITIES = { "queue-ready": "info", "queue-lost": "warn", "queue-full": "warn", "queue-flowing": "info", "queue-aside": "warn", "queue-stuck": "error" } as const;

type Told<Kind extends Observed["kind"]> = Extract<Observed, { readonly kind: Kind }>;

function reloadRecord(observed: Told<"reloaded" | "reload-unneeded" | "reload-refused" | "restart-needed">): LogRecord {
  switch (observed.kind) {
    case "reloaded":
      return { severity: "info", event: "offstage.reload.taken", runId: null, attributes: { "offstage.reload.files": observed.files, "offstage.reload.added": observed.added, "offstage.reload.changed": observed.changed, "offstage.reload.removed": observed.removed } };
    case "reload-unneeded":
      return { severity: "info", event: "offstage.reload.unneeded", runId: null, attributes: {} };
    case "reload-refused":
      return { severity: "error", event: "offstage.reload.refused", runId: null, attributes: { "error.type": observed.code } };
    case "restart-needed":
      return { severity: "warn", event: "offstage.restart.needed", runId: null, attributes: { "offstage.restart.parts": observed.what } };
  }
}

function triggerRecord(observed: Told<"listening" | "arrived" | "dropped" | "started" | "led" | "followed" | "pruned" | "failed" | "delivered" | "refused">): LogRecord {
  switch (observed.kind) {
    case "listening":
      return { severity: "info", event: "offstage.workflow.served", runId: null, attributes: { "offstage.workflow.name": observed.workflow, "offstage.triggers": observed.triggers } };
    case "arrived":
    case "dropped":
    case "started": {
      const { workflow, trigger, id } = observed.arrival;
      const run = observed.kind === "started" ? { "offstage.run.id": observed.run.id } : {};
      return { severity: observed.kind === "dropped" ? "warn" : "info", event: `offstage.arrival.${observed.kind === "arrived" ? "taken" : observed.kind}`, runId: observed.kind === "started" ? observed.run.id : null, attributes: { "offstage.workflow.name": workflow, "offstage.trigger": trigger, "offstage.arrival.id": id, ...run } };
    }
    case "led":
    case "followed":
      return { severity: "info", event: `offstage.lease.${observed.kind}`, runId: null, attributes: {} };
    case "pruned": {
      const { runs, arrivals, windows, programs, blobs, bytes } = observed.pruned;
      return { severity: "info", event: "offstage.store.pruned", runId: null, attributes: { "offstage.pruned.runs": runs, "offstage.pruned.events": arrivals, "offstage.pruned.windows": windows, "offstage.pruned.programs": programs, "offstage.pruned.blobs": blobs, "offstage.pruned.bytes": bytes } };
    }
    case "failed":
      return { severity: "error", event: "offstage.trigger.failed", runId: null, attributes: { "error.type": observed.error.code } };
    case "delivered":
      return { severity: "info", event: "offstage.webhook.delivered", runId: null, attributes: { "offstage.webhook.source": observed.source, "offstage.webhook.id": observed.id } };
    case "refused":
      return { severity: "warn", event: "offstage.webhook.refused", runId: null, attributes: { "offstage.webhook.source": observed.source, "http.response.status_code": observed.status } };
  }
}

function runRecord(observed: Told<"run-started" | "run-parked" | "run-ended">): LogRecord {
  const { run } = observed;
  const { id, rootRunId, workflow, event } = run;
  const of = { "offstage.run.id": id, "offstage.workflow.name": workflow, "offstage.run.cause": event.kind, ...(rootRunId === id ? {} : { "offstage.run.root_id": rootRunId }) };
  if (observed.kind === "run-started") return { severity: "info", event: observed.resumed ? "offstage.run.resumed" : "offstage.run.started", runId: id, attributes: of };
  return { severity: severityOf(run), event: isEnded(run.status) ? "offstage.run.ended" : "offstage.run.parked", runId: id, attributes: { ...of, ...endOf(run) } };
}

function endOf({ status, counts, held, ambiguous, failures, drivenMs, error, waits }: Run): LogRecord["attributes"] {
  return {
    "offstage.run.status": status, "offstage.run.calls": counts.calls, "offstage.run.writes": counts.writes, "offstage.run.held": held.length, "offstage.run.ambiguous": ambiguous.length,
    "offstage.run.failures": failures.length, "offstage.run.driven_ms": drivenMs, ...(waits.length === 0 ? {} : { "offstage.run.waits": waits.map(({ kind }) => kind) }), ...(error === null ? {} : { "error.type": error.code }),
  };
}

function severityOf({ status }: Run): Severity {
  if (status === "failed") return "error";
  return status === "succeeded" || status === "parked" || status === "planned" ? "info" : "warn";
}
