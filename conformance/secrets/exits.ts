import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { linkTo } from "../../apps/offstage/src/approvals/link-maker.ts";
import { githubDelivery } from "../../packages/runtime/src/testing/github-delivery.ts";
import type { World } from "./world.ts";

/** Something that came out, and through which exit. */
export interface Output {
  readonly exit: string;
  readonly bytes: Uint8Array;
  /** The server that this was for: its own secrets may be in it. */
  readonly server?: string;
}

/** Hears everything that comes out. */
export type Collect = (output: Output) => void;

/** Commands one after the other. A new command is a word here; `{file:}` stands for the secret that was planted there, as somebody types it. */
const COMMANDS: readonly string[] = [
  "doctor", "lock", "lock --check --json", "servers --json", "tools", "tools tell --json", "profile hostile --out -", "check",
  ...["tell", "bytes", "fail", "refuse", "shout", "ask"].map((tool) => `call hostile.${tool} --yes`), "call hostile.tell --json", "call hostile.refuse --json", "call remote.tell", "call remote.fail --json", "call remote.refuse", "call machine.add --yes", "call signer.add --yes --json", "call desk.add --yes",
  "read", "read --json", "read hostile told://all --json", "read remote told://none", "read hostile told://{what} --complete what=c", "prompt --json", "prompt hostile told", "prompt remote told --json",
  "plan tell --json", "run tell", "show", "show --json", "run tell --json", "run held", "approve", "approve --json", "approve all --by ada", "run fails", "run refused --json", "run raises", "show --json", "run doubt", "resolve", "resolve --json",
  "tools {file:}", "show {file:}", "pause {file:}", "resume {input:}", "resolve {secret:} --json", "approve all --by ada --why {file:} --later", "approve", "show --json",
  "run asks", "run asks --json", "run waits", "approve --json", "deny all", "drift", "drift --json", "record tell", "test", "sweep tell --json", "runs", "runs --json", "resume", "prune --dry-run", "prune --json", "pause all", "unpause all --json", "answer", "doctor --connect", "doctor --connect --json",
];

/** Every command, and what it prints. */
export async function runCommands({ run, secret }: World, collect: Collect): Promise<void> {
  for (const command of COMMANDS) {
    const { out, err } = await run(command.split(" ").map((word) => word.replace(/\{(\w+:)\}/, (_, source: string) => secret(source))));
    collect({ exit: `offstage ${command}: stdout`, bytes: Buffer.from(out) });
    collect({ exit: `offstage ${command}: stderr`, bytes: Buffer.from(err) });
  }
}

/** Those that take secrets in files, of which the project is full. A package of Python is made faster than one of npm. */
const TARGETS: readonly string[] = ["typescript", "python", ...["kubernetes", "compose", "systemd"].map((target) => `${target} --language python`)];

/** What `offstage export` writes, over the project without what is written out in it: with that nothing is exported. */
export async function runExports({ project, run }: World, collect: Collect): Promise<void> {
  const before = project.read("mcp.json");
  const exported = async (target: string, ...words: readonly string[]): Promise<string | null> => {
    const { code, out, err } = await run(["export", "beats", "--to", ...target.split(" "), ...words]);
    collect({ exit: `offstage export --to ${target}: stdout`, bytes: Buffer.from(out) });
    collect({ exit: `offstage export --to ${target}: stderr`, bytes: Buffer.from(err) });
    return code === 0 ? null : err;
  };
  if ((await exported("compose", "--out", "export/refused")) === null) throw new Error("What is written out in mcp.json was exported.");
  const { mcpServers } = JSON.parse(before) as { readonly mcpServers: { readonly own: { env: Record<string, string>; args: string[] } } };
  mcpServers.own.args = mcpServers.own.args.filter((word) => !word.startsWith("--client-secret="));
  delete mcpServers.own.env["DATABASE"];
  project.write("mcp.json", JSON.stringify({ mcpServers }));
  for (const target of TARGETS) {
    const fault = await exported(target);
    if (fault !== null) throw new Error(`Nothing was exported to ${target}: ${fault}`);
  }
  project.write("mcp.json", before);
}

/** What a process says that ends of something nobody caught. */
export async function runCrash(world: World, collect: Collect): Promise<void> {
  const process = world.start(["serve"], "crash-on-signal.mjs");
  try {
    await until(process.child, async () => (await fetch(`${world.url}/readyz`)).ok);
  } finally {
    process.child.kill("SIGUSR2");
  }
  const { code, out, err } = await process.ended;
  if (code !== 1 || !err.includes("error BUG")) throw new Error(`A crash ended with ${code ?? "a signal"}, and said ${err.slice(-500)}`);
  collect({ exit: "a crash: stdout", bytes: Buffer.from(out) });
  collect({ exit: "a crash: stderr", bytes: Buffer.from(err) });
}

const API: readonly string[] = ["/openapi.json", "/workflows", "/runs?limit=100", "/approvals", "/effects?limit=100", "/bindings", "/pauses"];

/** `serve`, with deliveries and messages that tell all secrets, and everybody who looks at it. */
export async function runServe(world: World, log: "text" | "json", collect: Collect): Promise<void> {
  const exit = `offstage serve --log ${log}`;
  const process = world.start(["serve", "--log", log]);
  const ask = (path: string, init: RequestInit = {}, token = "the API token of a operator"): Promise<Response> => fetch(`${world.url}${path}`, { ...init, headers: { authorization: `Bearer ${world.secret(token)}`, ...(init.headers as object | undefined) } });
  const keep = async (what: string, answer: Promise<Response>): Promise<string> => {
    const response = await answer;
    const text = await response.text();
    collect({ exit: `${exit}: ${what}`, bytes: Buffer.from(`${response.status} ${JSON.stringify([...response.headers])}\n${text}`) });
    return text;
  };
  try {
    await until(process.child, async () => (await fetch(`${world.url}/readyz`)).ok);
    const events = await ask("/api/v1/events");
    const heard = collectStream(events);
    await deliverAll(world, keep);
    await world.enqueue(JSON.stringify({ text: world.everything() }));
    await world.enqueue(`{ "text": ${JSON.stringify(world.everything())}`);
    await keep("POST …/runs", ask("/api/v1/workflows/waits/runs", { method: "POST" }));
    await keep("POST …/runs of none", ask(`/api/v1/workflows/${encodeURIComponent(world.secret("file:"))}/runs`, { method: "POST" }));
    await until(process.child, async () => /"asks":"question"/.test(heard.text()) && (await world.aside()).length > 2 && (await (await ask("/api/v1/runs?status=failed&limit=1")).json() as { runs: unknown[] }).runs.length > 0);
    for (const path of API) await keep(`GET ${path}`, ask(`/api/v1${path}`));
    const { runs } = (await (await ask("/api/v1/runs?limit=100")).json()) as { readonly runs: readonly { readonly id: string; readonly workflow: string }[] };
    for (const id of new Map(runs.map((run) => [run.workflow, run.id])).values()) await keep("GET /runs/{id}", ask(`/api/v1/runs/${id}`));
    const { questions = [], permissions = [] } = (await (await ask("/api/v1/approvals")).json()) as Readonly<Partial<Record<"questions" | "permissions", readonly { readonly id: string; readonly hash?: string; readonly argsHash?: string }[]>>>;
    for (const { id, hash, argsHash } of [...questions, ...permissions]) {
      await keep("GET /approve/{link}", ask(new URL(linkTo({ id, hash: hash ?? argsHash ?? "" }, "ada", { url: world.url, keys: [world.secret("the key of approval links")], maxAgeMs: 60_000 }, Date.now())).pathname));
      await keep("GET /approvals/{id}", ask(`/api/v1/approvals/${id}`));
      await keep("POST /approvals/{id}/approve", ask(`/api/v1/approvals/${id}/approve`, { method: "POST", body: JSON.stringify({ why: world.everything() }), headers: { "content-type": "application/json" } }));
    }
    for (const path of ["/healthz", "/readyz", `/${encodeURIComponent(world.secret("file:"))}`]) await keep(`GET ${path.slice(0, 8)}`, ask(path));
    await keep("GET /metrics", ask("/metrics", {}, "the token of the metrics"));
    for (const path of ["/metrics", "/api/v1/runs"]) await keep(`GET ${path}, refused`, fetch(`${world.url}${path}`, { headers: { authorization: `Bearer ${world.secret("file:").replace(/[^\x20-\x7e]/g, "")}` } }));
    heard.close();
    collect({ exit: `${exit}: server-sent events`, bytes: Buffer.from(heard.text()) });
  } finally {
    process.child.kill("SIGTERM");
  }
  const { out, err } = await process.ended;
  collect({ exit: `${exit}: stdout`, bytes: Buffer.from(out) });
  collect({ exit: `${exit}: stderr`, bytes: Buffer.from(err) });
}

/** A genuine delivery of each source whose body tells everything, one that is not, and what each is answered. */
async function deliverAll(world: World, keep: (what: string, answer: Promise<Response>) => Promise<string>): Promise<void> {
  const body = JSON.stringify({ id: `evt ${world.secret("file:")}`, event_id: world.secret("input:"), text: world.everything() });
  const now = String(Math.floor(Date.now() / 1000));
  const hmac = (key: string | Buffer, text: string, encoding: "hex" | "base64" = "hex"): string => createHmac("sha256", key).update(text).digest(encoding);
  const proofs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    github: githubDelivery(world.secret("GitHub's webhook"), "d-1", body).headers,
    stripe: { "stripe-signature": `t=${now},v1=${hmac(world.secret("Stripe's webhook"), `${now}.${body}`)}` },
    slack: { "x-slack-request-timestamp": now, "x-slack-signature": `v0=${hmac(world.secret("Slack's webhook"), `v0:${now}:${body}`)}` },
    standard: { "webhook-id": "m-1", "webhook-timestamp": now, "webhook-signature": `v1,${hmac(Buffer.from(world.secret("a standard webhook").slice(6), "base64"), `m-1.${now}.${body}`, "base64")}` },
    shop: { "x-shop-signature": hmac(world.secret("a webhook by HMAC"), body) },
    ci: { authorization: `Bearer ${world.secret("a webhook by bearer")}` },
  };
  for (const [source, proof] of Object.entries(proofs)) {
    const headers = { "content-type": "application/json", "x-note": world.secret("an Authorization header"), ...proof };
    await keep(`POST /webhooks/${source}`, fetch(`${world.url}/webhooks/${source}`, { method: "POST", body, headers }));
    await keep(`POST /webhooks/${source}, forged`, fetch(`${world.url}/webhooks/${source}`, { method: "POST", body: `${body} `, headers: { ...headers, ...(source === "ci" ? { authorization: "Bearer another" } : {}) } }));
  }
}

function collectStream(response: Response): { text(): string; close(): void } {
  let text = "";
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async (): Promise<void> => {
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) text += next.value;
  };
  void read().catch(() => undefined);
  return { text: () => text, close: () => void reader?.cancel() };
}

async function until(child: { readonly exitCode: number | null }, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error("offstage serve ended.");
    if (await holds().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error("It did not come about within 30 s.");
}
