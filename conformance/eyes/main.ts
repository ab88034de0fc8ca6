/**
 * A real `offstage serve` looked at from outside by real tools: Prometheus and its promtool, which it installs on Debian as root, and fails
 * without: a check that did not run is not a success.
 *
 * `npm run test:eyes [-- --only WORDS]`
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { installOnDebian } from "../../scripts/house/debian.ts";
import { CASES } from "./cases.ts";
import { startOtlpReceiver } from "./otlp-receiver.ts";
import { startPrometheus } from "./prometheus.ts";
import { SECRET, startServed } from "./served.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const folders = (process.env["PATH"] ?? "").split(delimiter);
installOnDebian(folders.some((folder) => existsSync(join(folder, "promtool"))) ? [] : ["prometheus"]);

const startedAt = performance.now();
const cases = CASES.filter(({ name }) => name.includes(values.only));
let held = 0;
const traces = await startOtlpReceiver();
const served = await startServed(["--log", "json"], { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url, OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${SECRET}`, OTEL_SERVICE_NAME: "night-shift", OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=eyes" });
const prometheus = await startPrometheus(served).catch(async (error: unknown) => {
  await served.stop();
  throw error;
});
try {
  for (const { name, run } of cases) {
    const fault: unknown = await run({ served, traces, prometheus }).then(() => null, (error: unknown) => error ?? "rejected");
    held += fault === null ? 1 : 0;
    process.stdout.write(fault === null ? `ok    ${name}\n` : `FAULT ${name}\n      ${fault instanceof Error ? (fault.stack ?? fault.message) : JSON.stringify(fault)}\n`);
  }
} finally {
  await prometheus.stop();
  await served.stop();
  await traces.close();
}
process.stdout.write(`\n${held} of ${cases.length} cases held in ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
process.exitCode = held === cases.length && held > 0 ? 0 : 1;
