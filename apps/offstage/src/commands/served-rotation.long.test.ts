import { createHmac } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { createLivingCommands, type LivingCommands } from "../testing/living-commands.ts";

// Every secret of a process that serves is replaced as Kubernetes replaces a mount, `..data` swapped as a whole, and what systemd hands over likewise. Nothing is started anew.

const KINDS = ["hook", "api", "header", "link", "metrics"] as const;
type Kind = (typeof KINDS)[number];
const secret = (kind: Kind, edition: number): string => `${kind}-secret-of-edition-${edition}-${"x".repeat(24)}`;

const HEAR = `import { log, once, webhook, workflow } from "offstage";
import { desk, far } from "#servers";
export default workflow({ name: "hear", on: [webhook("shop", { key: (event) => String(event.body.n) })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "webhook") return;
  const n = String(event.body.n);
  log(await far.tick({ n }));
  await once(n, () => desk.say({ text: n }));
});
`;
const ASK = `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "ask", on: [], inputs: { n: "" }, limits: { writes: 5 } }, async ({ inputs }) => { await once(inputs.n, () => desk.say({ text: inputs.n })); });
`;
const settings = (port: number): string => `policy: { rules: [{ verdict: approve, workflow: ask, by: ada }], classes: [{ server: far, tool: tick, effect: read }] }
webhooks: { shop: { verify: hmac, secret: "\${file:mount/hook}", header: x-signature, id: x-delivery } }
serve:
  listen: "127.0.0.1:${port}"
  metrics: { token: "\${secret:metrics}" }
  api: { tokens: [{ name: ci, role: operator, token: "\${secret:api}" }] }
approvals:
  links: { url: "http://127.0.0.1:${port}", key: "\${file:mount/link}" }
  notify: { server: desk, tool: say, to: ada, args: { text: "{{ link }} for {{ run }}" } }
`;

let desk: DeskProject;
let serving: LivingCommands;
let far: HttpServer;
let port: number;
/** Which keys the server over HTTP was called with; it takes the newest alone. */
const called: { readonly key: string; readonly taken: boolean }[] = [];
let edition = 0;

/** `mount` and `credentials` with the secrets of another edition; null: with nothing in them. */
function swap(to: number | null): void {
  edition = to ?? edition;
  const version = `..${to ?? "none"}-${called.length}`;
  for (const folder of ["mount", "credentials"].map((name) => join(desk.folder, name))) {
    mkdirSync(join(folder, version), { recursive: true });
    if (to !== null) for (const kind of KINDS) writeFileSync(join(folder, version, kind), `${secret(kind, to)}\n`);
    symlinkSync(version, join(folder, "..next"));
    renameSync(join(folder, "..next"), join(folder, "..data"));
    for (const old of readdirSync(folder)) if (old.startsWith("..") && old !== version && old !== "..data") rmSync(join(folder, old), { recursive: true });
  }
}

async function startFar(): Promise<HttpServer> {
  const handler = createMcpHandler(() => {
    const server = new Server({ name: "far", version: "1.0.0" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: [{ name: "tick", inputSchema: { type: "object" as const, properties: { n: { type: "string" } } } }] }));
    // It tells everybody what it was called with.
    server.setRequestHandler("tools/call", () => ({ content: [{ type: "text" as const, text: `tock by ${called.at(-1)?.key ?? ""}` }] }));
    return server;
  });
  const listener = getRequestListener(async (request) => {
    const key = request.headers.get("x-key") ?? "";
    const taken = key === secret("header", edition);
    called.push({ key, taken });
    return taken ? handler.fetch(request) : new Response("Who are you?", { status: 403 });
  });
  const server = createServer(listener as Parameters<typeof createServer>[1]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

beforeAll(async () => {
  desk = await createDeskProject();
  [port, far] = [await freePort(), await startFar()];
  swap(1);
  for (const kind of KINDS) for (const folder of ["mount", "credentials"]) symlinkSync(join("..data", kind), join(desk.folder, folder, kind));
  const { mcpServers } = JSON.parse(readFileSync(join(desk.folder, "mcp.json"), "utf8")) as { readonly mcpServers: object };
  desk.write("mcp.json", JSON.stringify({ mcpServers: { ...mcpServers, far: { url: `http://127.0.0.1:${(far.address() as AddressInfo).port}/mcp`, headers: { "X-Key": "${file:mount/header}" } } } }));
  desk.write("workflows/hear.ts", HEAR);
  desk.write("workflows/ask.ts", ASK);
  desk.write("offstage.yaml", settings(port));
  await desk.run("lock");
  serving = createLivingCommands(desk.folder, ["serve", "hear", "ask"], { CREDENTIALS_DIRECTORY: join(desk.folder, "credentials") });
}, 60_000);
afterAll(async () => {
  await serving.killAll();
  far.closeAllConnections();
  far.close();
  desk.remove();
});

const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
const until = <T>(look: () => Promise<T> | T): Promise<T> => vi.waitFor(look, { timeout: 30_000, interval: 25 });

async function deliver(n: string, of: number): Promise<number> {
  const body = JSON.stringify({ n });
  return (await fetch(at("/webhooks/shop"), { method: "POST", body, headers: { "x-delivery": n, "x-signature": createHmac("sha256", secret("hook", of)).update(body).digest("hex") } })).status;
}

const asked = async (path: string, kind: Kind, of: number): Promise<number> => (await fetch(at(path), { headers: { authorization: `Bearer ${secret(kind, of)}` } })).status;

/** Starts a run that has to be permitted, and gives the link that people were sent. */
async function linkOf(n: string): Promise<string> {
  const before = desk.state().said.length;
  const started = await fetch(at("/api/v1/workflows/ask/runs"), { method: "POST", body: JSON.stringify({ inputs: { n } }), headers: { authorization: `Bearer ${secret("api", edition)}`, "content-type": "application/json", "idempotency-key": n } });
  expect(started.status).toBe(202);
  return until(() => {
    const link = desk.state().said.slice(before).find((text) => text.startsWith("http"))?.split(" ")[0];
    expect(link).toBeDefined();
    return link ?? "";
  });
}

/** All that opens with the secrets of one edition does, the delivery is made to its end; gives the link that was sent meanwhile. */
async function usedWith(of: number): Promise<string> {
  expect(await deliver(`e${of}`, of)).toBe(202);
  await until(() => expect(desk.state().said).toContain(`e${of}`));
  expect(called.at(-1)).toEqual({ key: secret("header", of), taken: true });
  expect([await asked("/api/v1/runs", "api", of), await asked("/metrics", "metrics", of)]).toEqual([200, 200]);
  const link = await linkOf(`l${of}`);
  expect((await fetch(link)).status).toBe(200);
  return link;
}

test("each secret that is swapped counts from the next request on, the one before it no more, and neither is told to anybody", async () => {
  const served = serving.start();
  await until(async () => {
    expect(served.child.exitCode).toBeNull();
    expect((await fetch(at("/readyz"))).status).toBe(200);
  });
  const first = await usedWith(1);
  swap(2);
  expect([await deliver("old", 1), await asked("/api/v1/runs", "api", 1), await asked("/metrics", "metrics", 1), (await fetch(first)).status]).toEqual([401, 401, 401, 403]);
  const second = await usedWith(2);
  // In the middle of a swap that goes wrong nothing is there: what was good is used on.
  swap(null);
  expect([await deliver("gone", 2), await asked("/api/v1/runs", "api", 2), await asked("/metrics", "metrics", 2), (await fetch(second)).status]).toEqual([202, 200, 200, 200]);
  await until(() => expect(desk.state().said).toContain("gone"));
  swap(3);
  expect([await deliver("older", 2), await asked("/api/v1/runs", "api", 2), await asked("/metrics", "metrics", 2), (await fetch(second)).status]).toEqual([401, 401, 401, 403]);
  const third = await usedWith(3);
  expect((await fetch(third, { method: "POST", body: new URLSearchParams({ verdict: "approve", why: "seen" }) })).status).toBe(200);
  await until(() => expect(desk.state().said).toContain("l3"));
  expect(called.filter(({ taken }) => !taken)).toEqual([]);
  const { code, out, err } = await serving.end(served, "SIGTERM");
  expect(code).toBe(0);
  const lines = err.split("\n").filter((line) => line.includes("used on"));
  expect(lines.length).toBeGreaterThan(0);
  expect(err).toMatch(/tock by \[redacted [^\]]+\]/);
  expect(new Set(lines.map((line) => line.slice(25))).size).toBe(lines.length);
  const below = join(desk.folder, ".offstage");
  const kept = readdirSync(below, { recursive: true, encoding: "utf8" }).map((name) => join(below, name)).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, "latin1"));
  const told = [out, err, ...kept, (await desk.run("runs")).out, (await desk.run("show")).out].join("\n");
  for (const kind of KINDS) for (const of of [1, 2, 3]) expect(told.includes(secret(kind, of).slice(0, -24)), `${kind} ${of}`).toBe(false);
}, 120_000);
