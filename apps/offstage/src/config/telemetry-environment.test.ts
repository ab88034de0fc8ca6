import { createRedactor } from "offstage/base";
import { expect, test } from "vitest";
import { registerTraceSecrets, serviceName, traceSettings } from "./telemetry-environment.ts";

const HERE = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };

test("traces are asked for by naming where they go, and by nothing else", () => {
  expect([traceSettings({}), traceSettings({ OTEL_SERVICE_NAME: "x" }), traceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: " " })]).toEqual([null, null, null]);
  expect(traceSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces" })).toEqual({ attributes: {}, ratio: 1, timeoutMs: 1_000, lacks: null });
  expect([traceSettings({ ...HERE, OTEL_SDK_DISABLED: "TRUE" }), traceSettings({ ...HERE, OTEL_TRACES_EXPORTER: "none" }), traceSettings({ ...HERE, OTEL_TRACES_EXPORTER: "console" })]).toEqual([null, null, null]);
  expect(traceSettings({ ...HERE, OTEL_TRACES_EXPORTER: "console, otlp", OTEL_RESOURCE_ATTRIBUTES: "team=night%20shift, ,bad,a=%" })).toEqual({ attributes: { team: "night shift", a: "%" }, ratio: 1, timeoutMs: 1_000, lacks: null });
  expect((["command", "serve"] as const).map((lives) => traceSettings({ ...HERE, OTEL_EXPORTER_OTLP_TIMEOUT: "20000" }, lives)?.timeoutMs)).toEqual([null, null]);
  expect(traceSettings(HERE, "serve")?.timeoutMs).toBe(3_000);
});

test("what is asked for and not done is told", () => {
  expect(traceSettings({ ...HERE, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })?.lacks).toBe("OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and only http/protobuf is spoken (port 4318, mostly)");
  expect(traceSettings({ ...HERE, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf" })?.lacks).toBeNull();
  expect(traceSettings({ ...HERE, OTEL_TRACES_SAMPLER: "jaeger_remote" })?.lacks).toMatch(/^OTEL_TRACES_SAMPLER is jaeger_remote/);
  const sampled = (sampler: string, argument?: string): number | undefined => traceSettings({ ...HERE, OTEL_TRACES_SAMPLER: sampler, ...(argument === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: argument }) })?.ratio;
  expect([sampled("always_off"), sampled("parentbased_traceidratio", "0.25"), sampled("traceidratio")]).toEqual([0, 0.25, 1]);
  expect(traceSettings({ ...HERE, OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "many" })?.lacks).toMatch(/^OTEL_TRACES_SAMPLER/);
});

test("the service has its own name, that of the attributes, or ours", () => {
  expect([serviceName({ OTEL_SERVICE_NAME: "a", OTEL_RESOURCE_ATTRIBUTES: "service.name=b" }), serviceName({ OTEL_RESOURCE_ATTRIBUTES: "service.name=b" }), serviceName({})]).toEqual(["a", "b", "offstage"]);
});

test("keys in the headers of the exporter are kept out of texts, as they are sent", () => {
  const redactor = createRedactor();
  registerTraceSecrets({ OTEL_EXPORTER_OTLP_HEADERS: "x-team=ops,authorization=Bearer%20swordfish-1234", OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-key=hunter2-hunter2" }, redactor);
  expect(redactor.redact("ops Bearer swordfish-1234 hunter2-hunter2")).toBe("ops [redacted OTEL_EXPORTER_OTLP_HEADERS] [redacted OTEL_EXPORTER_OTLP_TRACES_HEADERS]");
});
