import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { type CommandEnd, createTestProject, type TestProject } from "../../apps/offstage/src/testing/command-line.ts";
import { type CommandProcess, startCommand } from "../../apps/offstage/src/testing/command-process.ts";
import { runCommandLine } from "../../apps/offstage/src/main.ts";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { browse, type OAuthServer, startOAuthServer } from "../../packages/runtime/src/testing/oauth-server.ts";
import { startProtectedServer } from "../../packages/runtime/src/testing/protected-server.ts";
import { startRedis } from "../../packages/runtime/src/testing/redis-broker.ts";
import { FROM_CACHE } from "../../packages/runtime/src/testing/test-servers.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../eyes/otlp-receiver.ts";
import type { Canary } from "./canary.ts";
import { allOf, createHostile, everything, type Known } from "./create-hostile.ts";
import { type Planting, plantAll } from "./sources.ts";
import { WORKFLOWS } from "./workflows.ts";

/** A project that is full of secrets, over servers that know them all. */
export interface World {
  readonly project: TestProject;
  /** Also the tokens that came since. */
  canaries(): readonly Canary[];
  /** What a delivery or a message holds that comes from somebody who knows them all. */
  readonly everything: () => string;
  /** The secret that was planted there. */
  secret(source: string): string;
  readonly url: string;
  readonly traces: OtlpReceiver;
  /** A command in this process. */
  run(argv: readonly string[]): Promise<CommandEnd>;
  /** A command in a process of its own. */
  start(argv: readonly string[], preload?: string): CommandProcess;
  /** Adds a message to the queue. */
  enqueue(text: string): Promise<void>;
  /** What Redis holds, and what was put aside with which reason. */
  aside(): Promise<string>;
  /** What each of the servers and the model was given. */
  given(): Readonly<Record<string, Buffer>>;
  /** Every file below the project's folder that Offstage wrote, by its path. */
  files(): Readonly<Record<string, Buffer>>;
  close(): Promise<void>;
}

const VAULT = "exec:";
const TOKEN = "OAuth token";
const LINK = "an approval link";
/** Ends with its signature. */
const LINKS = /\/approve\/[\w-]+\.[\w-]+\.([\w-]{43})/g;

/** Where the store is; null: SQLite. `password` is that of its URL's user. */
export type PostgresFor = (password: string) => string;

/** Makes one. `env` for its commands. */
export async function createWorld(postgres: PostgresFor | null, env: Readonly<Record<string, string>>): Promise<World> {
  // A short name: a longer one, with what is random behind it, looks like a secret, and stands in mcp.json.
  const notes = mkdtempSync(join(tmpdir(), "canaries-"));
  // Without such a store nothing says that its password is one.
  const planted = plantAll().filter(({ canary }) => postgres !== null || canary.source !== "the password of PostgreSQL");
  const [oauth, redis, traces, port] = [await startOAuthServer(), await startRedis(), await startOtlpReceiver(), await freePort()];
  const ledger = await startProtectedServer(oauth);
  const given = (): Readonly<Record<string, Buffer>> => Object.fromEntries(readdirSync(notes).filter((name) => name.startsWith("given-")).map((name) => [name.slice(6), readFileSync(join(notes, name))]));
  const canaries = (): readonly Canary[] => [...planted.map(({ canary }) => canary), ...oauthCanaries(oauth), ...linkCanaries(given())];
  const secret = (source: string): string => canaries().find((one) => one.source === source)?.value ?? "";
  let ran = "";
  let used = 0;
  const known = (): Known => ({
    lasting: canaries().filter(({ source }) => source !== VAULT && source !== LINK && !source.startsWith(TOKEN)).map(({ value }) => value), vault: secret(VAULT), ran,
    tokens: ledger.authorizations.slice(used).flatMap((sent) => (sent === null ? [] : [sent.replace(/^Bearer /i, "")])),
  });
  const all = (): string => everything(allOf(known()));
  const begin = (): void => {
    rmSync(ran, { force: true });
    used = ledger.authorizations.length;
    writeFileSync(join(notes, "known.json"), JSON.stringify(known()));
  };
  const remote = await startRemote(known);
  const model = await startModel(all);
  await redis.redis.config("SET", "requirepass", secret("the password of Redis"));
  const plantings = planted.map(({ planting }) => planting);
  const seen: Record<string, string> = Object.assign({}, ...plantings.map(({ env: more = {} }) => more), { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url }, env);
  // The exporter of traces reads its variables itself.
  Object.assign(process.env, Object.fromEntries(Object.entries(seen).filter(([name]) => name.startsWith("OTEL_"))));
  const project = createTestProject(filesOf(plantings, { notes, port, remote: remote.url, model: model.url, ledger: ledger.url, issuer: oauth.issuer, redisUrl: redis.url.replace(/:[^:@/]+@/, ":${env:REDIS_PASSWORD}@"), signerKey: oauth.signerKey, postgres: postgres?.("${env:PG_PASSWORD}") ?? null }), seen);
  ran = join(project.folder, "vault-ran");
  seen["CREDENTIALS_DIRECTORY"] = join(project.folder, "credentials");
  const own = new Set(Object.keys(read(project.folder)));
  await logIn(oauth, project.folder, "desk", { PATH: process.env["PATH"], ...seen });
  return {
    project, canaries, secret, traces, everything: all, url: `http://127.0.0.1:${port}`,
    run(argv) {
      begin();
      return project.run(...argv);
    },
    start(argv, preload) {
      begin();
      const options = [env["NODE_OPTIONS"] ?? "", preload === undefined ? "" : `--import ${fileURLToPath(new URL(preload, import.meta.url))}`].join(" ");
      return startCommand(project.folder, argv, null, { ...seen, NODE_OPTIONS: options, CANARIES: join(notes, "known.json") });
    },
    enqueue: async (text) => void (await redis.redis.xadd("orders", "*", "data", text)),
    aside: async () => JSON.stringify((await redis.redis.xrange("orders:dead", "-", "+")).map(([, fields]) => fields.slice(2))),
    given: () => ({ ...given(), remote: Buffer.from(remote.got.join("\n")), model: Buffer.from(model.got.join("\n")) }),
    files: () => Object.fromEntries(Object.entries(read(project.folder)).filter(([path]) => !own.has(path) && path !== "vault-ran")),
    async close() {
      await Promise.all([remote, model].map(({ server }) => new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      })));
      await Promise.all([ledger.close(), oauth.close(), traces.close(), redis.close()]);
      project.remove();
      rmSync(notes, { recursive: true, force: true });
    },
  };
}

/** What the authorization server and its clients hold: a client's key, and every token that was given. */
function oauthCanaries(oauth: OAuthServer): readonly Canary[] {
  const line = oauth.signerKey.split("\n")[1] ?? "";
  return [
    { source: "the secret of an OAuth client", server: null, value: "machine-secret-123", core: "machine-secret-123" },
    { source: "the private key of an OAuth client", server: null, value: oauth.signerKey, core: line },
    ...oauth.tokens().map((token, index): Canary => ({ source: `${TOKEN} ${index + 1}`, server: null, value: token, core: token })),
  ];
}

/** The links that were sent to people, through the hostile server. */
function linkCanaries({ hostile }: Readonly<Record<string, Buffer>>): readonly Canary[] {
  const signatures = [...(hostile?.toString("latin1") ?? "").matchAll(LINKS)].map(([, signature = ""]) => signature);
  return [...new Set(signatures)].map((signature) => ({ source: LINK, server: "hostile", value: signature, core: signature }));
}

/** Its token holds for so short a time that what uses it has to renew it. */
async function logIn({ behaviour }: OAuthServer, cwd: string, server: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  let shown = "";
  const write = (text: string): void => {
    shown += text;
    const url = /^http\S+$/m.exec(text)?.[0];
    if (url !== undefined) void browse(new URL(url)).then((back) => fetch(back));
  };
  const { lifetime } = behaviour;
  behaviour.lifetime = 1;
  const code = await runCommandLine(["login", server], { stdout: { write }, stderr: { write }, env, cwd, signal: new AbortController().signal });
  behaviour.lifetime = lifetime;
  if (code !== 0) throw new Error(`Nobody was logged in to ${server}: ${shown}`);
}

interface Places {
  readonly notes: string;
  readonly port: number;
  readonly remote: string;
  readonly model: string;
  readonly ledger: string;
  readonly issuer: string;
  readonly redisUrl: string;
  readonly signerKey: string;
  readonly postgres: string | null;
}

/** The project as its people wrote it: secrets stand beside it, in files and variables. */
function filesOf(plantings: readonly Planting[], { notes, port, remote, model, ledger, issuer, redisUrl, signerKey, postgres }: Places): Readonly<Record<string, string>> {
  const script = fileURLToPath(new URL("hostile-server.ts", import.meta.url));
  const stdio = (name: string): object => ({ command: process.execPath, args: [...FROM_CACHE, script, notes, name] });
  const servers = merge([{ hostile: stdio("hostile"), own: stdio("own"), remote: { url: remote }, machine: { url: ledger }, signer: { url: ledger }, desk: { url: ledger } }, ...plantings.map((one) => one.servers ?? {})]) as Record<string, { url?: string; query?: string }>;
  const { remote: far } = servers;
  if (far?.query !== undefined) {
    far.url += `?${far.query}`;
    delete far.query;
  }
  const settings = merge([{
    servers: { hostile: { timeout: "5s" }, machine: { auth: { kind: "client-credentials", clientId: "machine", clientSecret: "${file:machine-secret}", issuer, scope: "read" } }, signer: { auth: { kind: "private-key-jwt", clientId: "signer", privateKey: "${file:signer-key}", issuer, scope: "read" } }, desk: { auth: { kind: "login", clientId: "desk" } } },
    approvals: { links: { url: `http://127.0.0.1:${port}` }, notify: { server: "hostile", tool: "say", args: { text: "{{ message }} {{ link }}" } } },
    policy: { rules: [{ verdict: "approve", workflow: "held" }], classes: ["hostile", "own", "remote"].flatMap((server) => [...["tell", "json", "bytes", "fail", "refuse"].map((tool) => ({ server, tool, effect: "read" })), { server, tool: "*", effect: "write" }]) },
    model: { use: "local/any", providers: { local: { url: model } } },
    queues: { orders: { kind: "redis", url: redisUrl, field: "data" } },
    serve: { listen: `127.0.0.1:${port}` },
    ...(postgres === null ? {} : { store: { postgres } }),
  }, ...plantings.map((one) => one.settings ?? {})]);
  return {
    "mcp.json": JSON.stringify({ mcpServers: servers }), "offstage.yaml": JSON.stringify(settings), "machine-secret": "machine-secret-123", "signer-key": signerKey,
    ...Object.fromEntries(Object.entries(WORKFLOWS).map(([name, text]) => [`workflows/${name}.ts`, text])),
    ...Object.assign({}, ...plantings.map((one) => one.files ?? {})) as Record<string, string>,
  };
}

/** Objects member by member, lists one behind the other. */
function merge(parts: readonly object[]): object {
  const made: Record<string, unknown> = {};
  for (const [key, value] of parts.flatMap((part) => Object.entries(part) as [string, unknown][])) {
    const before = made[key];
    if (Array.isArray(before) && Array.isArray(value)) made[key] = [...(before as unknown[]), ...(value as unknown[])];
    else made[key] = isObject(before) && isObject(value) ? merge([before, value]) : value;
  }
  return made;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function read(folder: string): Readonly<Record<string, Buffer>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(names.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true).map((name) => [name, readFileSync(join(folder, name))]));
}

interface Listener {
  readonly url: string;
  readonly server: Server;
  /** Each request: its line, its headers and its body. */
  readonly got: readonly string[];
}

async function startListener(answer: (request: IncomingMessage, body: string, url: string) => Promise<Response>): Promise<Listener> {
  const got: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => void parts.push(part)).on("end", () => {
      const body = Buffer.concat(parts).toString();
      got.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${body}`);
      void getRequestListener(() => answer(request, body, request.url ?? "/"))(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The hostile server over HTTP. */
async function startRemote(known: () => Known): Promise<Listener> {
  const handler = createMcpHandler(() => createHostile(known), { legacy: "stateless" });
  const listener = await startListener((request, body, url) => handler.fetch(new Request(`http://127.0.0.1${url}`, { method: request.method ?? "POST", headers: headersOf(request), ...(body === "" ? {} : { body }) })));
  return { ...listener, url: `${listener.url}/mcp` };
}

function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" && !["connection", "host", "content-length", "transfer-encoding"].includes(name) ? [[name, value] as [string, string]] : [])));
}

/** A model that says what it should not: in answers, and in the words of its errors. */
async function startModel(all: () => string): Promise<Listener> {
  let asked = 0;
  const listener = await startListener(() => {
    asked += 1;
    if (asked > 1) return Promise.resolve(new Response(JSON.stringify({ error: { message: all() } }), { status: 401, headers: { "content-type": "application/json" } }));
    return Promise.resolve(Response.json({ id: "1", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content: JSON.stringify({ kind: all() }) }, finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }));
  });
  return { ...listener, url: `${listener.url}/v1` };
}
