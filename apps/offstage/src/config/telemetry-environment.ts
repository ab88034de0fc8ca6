import type { Redactor } from "offstage/base";
import type { Environment } from "./environment.ts";

/** How runs are traced, as OpenTelemetry's variables say. Where traces are sent to, and with which headers, its exporter reads itself. */
export interface TraceSettings {
  /** `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly attributes: { readonly [name: string]: string };
  /** Of `OTEL_TRACES_SAMPLER`: the share of traces that is kept. */
  readonly ratio: number;
  /** See {@link PATIENCE_MS}; null: the variables name one. */
  readonly timeoutMs: number | null;
  /** What was asked for and is not done; null: nothing. */
  readonly lacks: string | null;
}

/** `OTEL_SERVICE_NAME`, as everything that OpenTelemetry sees of us is called. */
export function serviceName(env: Environment): string {
  return read(env, "OTEL_SERVICE_NAME") ?? pairs(read(env, "OTEL_RESOURCE_ATTRIBUTES") ?? "").get("service.name") ?? "offstage";
}

/**
 * How long one sending of spans may take, and so how long the end of a process waits for traces that nobody takes. Ms; OpenTelemetry's own is ten seconds. A command is
 * waited for by somebody: in its second a refused connection is not tried again. What serves may tell a slow collector for longer.
 */
const PATIENCE_MS = { command: 1_000, serve: 3_000 } as const;

/** null: nobody asked for traces. They are asked for by naming where they go. */
export function traceSettings(env: Environment, lives: keyof typeof PATIENCE_MS = "command"): TraceSettings | null {
  const exporters = (read(env, "OTEL_TRACES_EXPORTER") ?? "otlp").split(",").map((name) => name.trim());
  const isNamed = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"].some((name) => read(env, name) !== null);
  if (!isNamed || read(env, "OTEL_SDK_DISABLED")?.toLowerCase() === "true" || !exporters.includes("otlp")) return null;
  const protocol = read(env, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? read(env, "OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/protobuf";
  const timeoutMs = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"].some((name) => read(env, name) !== null) ? null : PATIENCE_MS[lives];
  const sampler = read(env, "OTEL_TRACES_SAMPLER") ?? "parentbased_always_on";
  const ratio = ratioOf(sampler, read(env, "OTEL_TRACES_SAMPLER_ARG"));
  const lacks = protocol === "http/protobuf" ? null : `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, and only http/protobuf is spoken (port 4318, mostly)`;
  return { attributes: Object.fromEntries(pairs(read(env, "OTEL_RESOURCE_ATTRIBUTES") ?? "")), ratio: ratio ?? 1, timeoutMs, lacks: lacks ?? (ratio === null ? `OTEL_TRACES_SAMPLER is ${sampler}, and only always_on, always_off and traceidratio are known, with and without parentbased_` : null) };
}

/** Headers of the exporter carry keys: each is kept out of everything that is shown. */
export function registerTraceSecrets(env: Environment, redactor: Pick<Redactor, "register">): void {
  for (const name of ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"]) {
    for (const value of pairs(read(env, name) ?? "").values()) {
      // Anything shorter occurs by chance, and is no key.
      if (value.length >= SHORTEST_SECRET) redactor.register(value, name);
    }
  }
}

const SHORTEST_SECRET = 8;

function ratioOf(sampler: string, argument: string | null): number | null {
  switch (sampler.replace(/^parentbased_/, "")) {
    case "always_on":
      return 1;
    case "always_off":
      return 0;
    case "traceidratio": {
      const ratio = Number(argument ?? 1);
      return ratio >= 0 && ratio <= 1 ? ratio : null;
    }
    default:
      return null;
  }
}

/** Empty is as good as unset (OpenTelemetry, "Environment Variable Specification"). */
function read(env: Environment, name: string): string | null {
  const value = env[name]?.trim() ?? "";
  return value === "" ? null : value;
}

/** `a=b,c=d`, values percent-encoded (W3C Baggage). */
function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
