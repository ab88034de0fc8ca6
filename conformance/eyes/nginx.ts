import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { readFences } from "../../scripts/docs/fences.ts";
import type { Certificates, Client } from "./certificates.ts";
import type { Served } from "./served.ts";

/** A real nginx before a process that serves, set up by the lines of the guide. */
export interface Nginx {
  /** The status of a delivery to a source; `client` says with whose certificate it comes, null: with none. */
  deliver(source: string, client: Client | null, headers?: Readonly<Record<string, string | readonly string[]>>): Promise<number>;
  stop(): Promise<void>;
}

/** Debian puts it where only root looks. */
const PATH = `${process.env["PATH"] ?? ""}${delimiter}/usr/sbin`;

/** The server of the guide, in another place. */
function serverOf({ folder }: Certificates, port: number, upstream: string): string {
  const [fence] = readFences(readFileSync(new URL("../../docs/guides/serve.md", import.meta.url), "utf8")).filter(({ language }) => language === "nginx");
  const places: readonly (readonly [string, string])[] = [["listen 443 ssl", `listen 127.0.0.1:${port} ssl`], ["/etc/nginx", folder], ["127.0.0.1:8400", upstream]];
  return places.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The guide's lines for nginx do not say ${from}.`);
    return text.replaceAll(from, to);
  }, fence?.text ?? "");
}

/** Starts one on loopback, and waits until it listens. */
export async function startNginx({ url }: Served, certificates: Certificates): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-nginx-"));
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  writeFileSync(join(folder, "nginx.conf"), `daemon off; master_process off; pid ${folder}/pid; error_log stderr;\nevents {}\nhttp { access_log off; ${temporary}\n${serverOf(certificates, port, new URL(url).host)} }\n`);
  const child = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-e", "stderr"], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, PATH } });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const failed = once(child, "error").then(([error]) => String(error));
  const deliver: Nginx["deliver"] = (source, client, headers = {}) =>
    new Promise((resolve, reject) => {
      const own = client === null ? {} : certificates.of(client);
      const asked = request({ host: "localhost", port, path: `/webhooks/${source}`, method: "POST", headers: { "x-delivery": `${source} ${Math.random()}`, ...headers }, ca: readFileSync(join(certificates.folder, "server.pem")), agent: false, ...own }, (answer) => resolve(answer.resume().statusCode ?? 0));
      asked.on("error", reject).end("{}");
    });
  const stop = async (): Promise<void> => {
    const ended = child.exitCode === null && child.signalCode === null && child.pid !== undefined ? once(child, "exit") : Promise.resolve();
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100 && child.exitCode === null && child.pid !== undefined; tries++) {
    if (await deliver("nowhere", null).then(() => true, () => false)) return { deliver, stop };
    await sleep(50);
  }
  await stop();
  throw new Error(`nginx does not listen: ${said}${child.pid === undefined ? await failed : ""}`);
}
