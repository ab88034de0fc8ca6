import { pino } from "pino";
import type { Data, Redactor } from "../../base/index.ts";
import type { LogOptions, LogRecorder } from "./log.ts";
import { logRecord, type Severity } from "./log-record.ts";

/** OpenTelemetry's log data model, "Severity Fields": the first number of each range. */
const SEVERITY_NUMBERS: Readonly<Record<Severity, number>> = { info: 9, warn: 13, error: 17 };

/** Begins to log. */
export function openLog({ write, now, redactor, resource, traceOf }: LogOptions): LogRecorder {
  const logger = pino(
    {
      base: null, level: "info", messageKey: "body",
      timestamp: () => `,"timestamp":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ severity_text: label.toUpperCase(), severity_number: SEVERITY_NUMBERS[label as Severity] }) },
    },
    { write: (line: string) => write(line.trimEnd()) },
  );
  const about = { "service.name": resource.name, "service.version": resource.version };
  const put = (severity: Severity, event: string, body: string, attributes: object, runId: string | null): void => {
    const trace = runId === null ? null : traceOf(runId);
    logger[severity](redacted(redactor, { event_name: event, ...(trace === null ? {} : { trace_id: trace }), attributes, resource: about }), redactor.redact(body));
  };
  return {
    observed(observed, body) {
      const record = logRecord(observed);
      if (record !== null) put(record.severity, record.event, body, record.attributes, record.runId);
    },
    note: (severity, event, body, attributes = {}) => put(severity, event, body, attributes, null),
  };
}

function redacted(redactor: Pick<Redactor, "redactData">, record: object): object {
  return redactor.redactData(record as unknown as Data) as object;
}
