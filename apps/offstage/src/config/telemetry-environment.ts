import type { Environment } from "./environment.ts";

/** `OTEL_SERVICE_NAME`, as everything that OpenTelemetry sees of us is called. */
export function serviceName(env: Environment): string {
  const name = env["OTEL_SERVICE_NAME"] ?? "";
  return name === "" ? "offstage" : name;
}
