import { createHmac } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type CommandProcess, startCommand } from "../../apps/offstage/src/testing/command-process.ts";
import { createDeskProject } from "../../apps/offstage/src/testing/desk-project.ts";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";

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
  beat: ["once", 'every("1s")', `const { requests } = await desk.list_requests({}); await once(run.id, () => desk.say({ text: "${CANARY}" })); await once("again", () => desk.say({ text: "once" })); log("${CANARY}"); return requests.length;`],
  hear: ["approve", 'webhook("github", { key: (event) => String(event.body.n) })', 'await approve({ message: "May it go on?" }); return 1;'],
  held: ["once", 'every("2s")', 'await once("h", () => desk.open_ticket({ label: "h", title: "h" }));'],
  failing: ["each", 'every("2s")', `const found = await desk.get_ticket({ key: "${CANARY}" }); return found.title;`],
} as const;

const settings = (port: number): string => `servers: { desk: { timeout: 1s } }
policy: { rules: [{ verdict: approve, tool: open_ticket }] }
webhooks: { github: { verify: github, secret: "\${env:HOOK_SECRET}" } }
serve: { listen: "127.0.0.1:${port}", metrics: { token: "\${env:METRICS_TOKEN}" } }
`;

/** Starts it and lets it run until each of its workflows has. `args` and `env` for the command. */
export async function startServed(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const desk = await createDeskProject();
  desk.reset();
  const port = await freePort();
  desk.write("offstage.yaml", settings(port));
  for (const [name, [extra, trigger, body]] of Object.entries(WORKFLOWS)) {
    const words = ["log", "once", "webhook", "every", "workflow", extra].filter((word, at, all) => all.indexOf(word) === at && new RegExp(`\\b${word}\\(`).test(`${trigger} ${body} workflow(`));
    desk.write(`workflows/${name}.ts`, `import { ${words.join(", ")} } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "${name}", on: [${trigger}], limits: { writes: 5 } }, async ({ event, run }) => { ${body} });\n`);
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
    await until(served, process, async () => /offstage_runs_ended_total\{workflow="held",status="pending"\} [1-9]/.test(await served.metrics()) && /offstage_runs_ended_total\{workflow="failing",status="failed"\} [1-9]/.test(await served.metrics()) && /offstage_runs\{workflow="hear",status="parked"\} 2/.test(await served.metrics()));
  } catch (error) {
    await served.stop();
    throw error;
  }
  return served;
}

/** Two events, one of them twice, and one that nobody signed. */
async function deliver(url: string): Promise<void> {
  for (const [n, id, secret] of [[1, "d1", SECRET], [2, "d2", SECRET], [2, "d2", SECRET], [3, "d3", "another"]] as const) {
    const body = JSON.stringify({ n, text: CANARY });
    await fetch(`${url}/webhooks/github`, { method: "POST", body, headers: { "x-github-delivery": id, "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } });
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
