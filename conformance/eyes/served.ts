import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CommandProcess, startCommand } from "../../apps/offstage/src/testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../../apps/offstage/src/testing/desk-project.ts";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { githubDelivery } from "../../packages/runtime/src/testing/github-delivery.ts";

/** A real `offstage serve`, over a project in which everything comes about that the metrics tell of. */
export interface Served {
  readonly url: string;
  readonly token: string;
  /** What it said on stderr so far. */
  said(): string;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Stands in payloads, arguments and texts, and nowhere in what may be looked at. */
export const CANARY = "canary-9f2c";
/** A resolved secret. */
export const SECRET = "hook-secret-7d31";

const TOKEN = "metrics-token-5b8e";
const WORKFLOWS = {
  beat: ['every("1s")', `const { requests } = await desk.list_requests({}); await once(run.id, () => desk.say({ text: "${CANARY}" })); await once("again", () => desk.say({ text: "once" })); log("${CANARY}"); return requests.length;`],
  hear: ['webhook("github", { key: (event) => String(event.body.n) })', 'await approve({ message: "May it go on?" }); return 1;'],
  held: ['every("2s")', 'await once("h", () => desk.open_ticket({ label: "h", title: "h" }));'],
  nap: ['every("2s")', 'await sleep("1s"); return 1;'],
  orders: ['queue("orders")', "return 1;"],
  muted: ['every("3s")', "const { requests } = await mute.list_requests({}); return requests.length;"],
  failing: ['every("2s")', `const found = await desk.get_ticket({ key: "${CANARY}" }); return found.title;`],
} as const;

/** Nobody serves the queue, so it is lost. */
const settings = (port: number, webhooks: string): string => `servers: { desk: { timeout: 1s } }
policy: { rules: [{ verdict: approve, tool: open_ticket }], classes: [{ server: mute, tool: "list_*", effect: read }] }
queues: { orders: { kind: redis, url: "redis://127.0.0.1:1" } }
webhooks: { github: { verify: github, secret: "\${env:HOOK_SECRET}" }${webhooks} }
serve: { listen: "127.0.0.1:${port}", metrics: { token: "\${env:METRICS_TOKEN}" } }
`;

/** Starts it and lets it run until each of its workflows has. `args` and `env` for the command, `webhooks` are further sources: `, name: { … }`. */
export async function startServed(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}, webhooks = ""): Promise<Served> {
  const desk = await createDeskProject();
  desk.reset();
  const port = await freePort();
  desk.write("offstage.yaml", settings(port, webhooks));
  await addMute(desk);
  for (const [name, [trigger, body]] of Object.entries(WORKFLOWS)) {
    const used = (words: readonly string[], after: string): string => words.filter((word) => new RegExp(`\\b${word}\\${after}`).test(`${trigger} ${body} workflow(`)).join(", ");
    const servers = used(["desk", "mute"], ".");
    desk.write(`workflows/${name}.ts`, `import { ${used(["approve", "every", "log", "once", "queue", "sleep", "webhook", "workflow"], "(")} } from "offstage";\n${servers === "" ? "" : `import { ${servers} } from "#servers";\n`}export default workflow({ name: "${name}", on: [${trigger}], limits: { writes: 5 } }, async ({ event, run }) => { ${body} });\n`);
  }
  const process = startCommand(desk.folder, ["serve", ...Object.keys(WORKFLOWS), ...args], null, { HOOK_SECRET: SECRET, METRICS_TOKEN: TOKEN, ...env });
  let said = "";
  process.child.stderr.on("data", (text: string) => (said += text));
  const url = `http://127.0.0.1:${port}`;
  const served: Served = {
    url, token: TOKEN,
    said: () => said,
    metrics: async () => (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text(),
    async stop() {
      await end(process);
      desk.remove();
    },
  };
  try {
    await until(served, process, async () => (await fetch(`${url}/readyz`)).ok);
    await deliver(url);
    await until(served, process, async () => everythingCame(await served.metrics()));
  } catch (error) {
    await served.stop();
    throw error;
  }
  return served;
}

const CAME = [/offstage_runs_ended_total\{workflow="held",status="pending"\} [1-9]/, /offstage_runs_ended_total\{workflow="failing",status="failed"\} [1-9]/, /offstage_runs_ended_total\{workflow="nap",status="succeeded"\} [1-9]/, /offstage_server_sessions_failed_total\{/, /offstage_runs\{workflow="hear",status="parked"\} 2/];

function everythingCame(metrics: string): boolean {
  return CAME.every((pattern) => pattern.test(metrics));
}

/** A second server, which is locked and cannot be started any more. */
async function addMute(desk: DeskProject): Promise<void> {
  const file = join(desk.folder, "mcp.json");
  const { mcpServers } = JSON.parse(readFileSync(file, "utf8")) as { mcpServers: { desk: { args: readonly string[] } } };
  const { desk: entry } = mcpServers;
  const state = join(desk.folder, "mute.json");
  writeFileSync(state, "{}");
  writeFileSync(file, JSON.stringify({ mcpServers: { desk: entry, mute: { ...entry, args: [...entry.args.slice(0, -1), state] } } }));
  const locked = await desk.run("lock");
  if (locked.code !== 0) throw new Error(`offstage lock failed: ${locked.err}`);
  writeFileSync(state, "{");
}

/** Three events, one of them twice, one that waits for another, and one that nobody signed. */
async function deliver(url: string): Promise<void> {
  for (const [n, id, secret] of [[1, "d1", SECRET], [2, "d2", SECRET], [2, "d2", SECRET], [1, "d4", SECRET], [3, "d3", "another"]] as const) {
    const delivery = githubDelivery(secret, id, JSON.stringify({ n, text: CANARY }));
    await fetch(`${url}/webhooks/github`, { ...delivery, headers: { ...delivery.headers, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } });
  }
}

async function until({ said }: Served, { child }: CommandProcess, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`offstage serve ended:\n${said()}`);
    if (await holds().catch(() => false)) return;
    await sleep(200);
  }
  throw new Error(`It did not come about within a minute. offstage serve said:\n${said()}`);
}

async function end({ child, ended }: CommandProcess): Promise<void> {
  if (child.exitCode !== null) return void (await ended);
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 40_000);
  await once(child, "exit");
  clearTimeout(late);
  await ended;
}
