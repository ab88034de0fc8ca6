/**
 * A real `offstage serve` looked at from outside by real tools: Prometheus and its promtool, an nginx before it, and systemd's look at the unit of the guide. It
 * installs them on Debian as root, and fails without: a check that did not run is not a success.
 *
 * `npm run test:eyes [-- --only WORDS]`
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { installOnDebian } from "../../scripts/house/debian.ts";
import { AROUND, guideSource } from "./around.ts";
import { CASES } from "./cases.ts";
import { makeCertificates, partnerSources } from "./certificates.ts";
import { startNginx } from "./nginx.ts";
import { startOtlpReceiver } from "./otlp-receiver.ts";
import { startPrometheus } from "./prometheus.ts";
import { SECRET, startServed } from "./served.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
const isThere = (program: string): boolean => folders.some((folder) => existsSync(join(folder, program)));
installOnDebian(Object.entries({ promtool: "prometheus", nginx: "nginx-light", "systemd-analyze": "systemd" }).flatMap(([program, name]) => (isThere(program) ? [] : [name])));

const startedAt = performance.now();
const cases = [...CASES, ...AROUND].filter(({ name }) => name.includes(values.only));
let held = 0;
const traces = await startOtlpReceiver();
const certificates = makeCertificates();
const served = await startServed(["--log", "json"], { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url, OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${SECRET}`, OTEL_SERVICE_NAME: "night-shift", OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=eyes", SHOP_SECRET: SECRET }, `${partnerSources(certificates)}, ${guideSource()}`);
const stopServed = async (error: unknown): Promise<never> => {
  await served.stop();
  throw error;
};
const prometheus = await startPrometheus(served).catch(stopServed);
const nginx = await startNginx(served, certificates).catch(async (error: unknown) => {
  await prometheus.stop();
  return stopServed(error);
});
try {
  for (const { name, run } of cases) {
    const fault: unknown = await run({ served, traces, prometheus, nginx, certificates }).then(() => null, (error: unknown) => error ?? "rejected");
    held += fault === null ? 1 : 0;
    process.stdout.write(fault === null ? `ok    ${name}\n` : `FAULT ${name}\n      ${fault instanceof Error ? (fault.stack ?? fault.message) : JSON.stringify(fault)}\n`);
  }
} finally {
  await nginx.stop();
  await prometheus.stop();
  await served.stop();
  certificates.remove();
  await traces.close();
}
process.stdout.write(`\n${held} of ${cases.length} cases held in ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
process.exitCode = held === cases.length && held > 0 ? 0 : 1;
