import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import type { CommandProcess } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { createLivingCommands, type LivingCommands } from "../testing/living-commands.ts";
import { sendAll } from "../testing/send-all.ts";

// The HTTP API of a real process, over real HTTP, while the process is killed again and again.

const CALLS = 120;
const KILLS = 6;
const SENDERS = 6;
const TOKENS = { ADA: "approver-0123456789abcdef", CI: "operator-0123456789abcdef" };
const SAY = `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "say", on: [], inputs: { n: "" }, limits: { writes: 5 } }, async ({ inputs }) => { await once(inputs.n, () => desk.say({ text: inputs.n })); return inputs.n; });
`;
const SETTINGS = (port: number): string => `policy: { rules: [{ verdict: approve, workflow: announce }] }
serve:
  listen: "127.0.0.1:${port}"
  concurrency: 1
  api: { tokens: [{ name: ada, role: approver, token: "\${env:ADA}" }, { name: ci, role: operator, token: "\${env:CI}" }] }
`;

let desk: DeskProject;
let port: number;
let serving: LivingCommands;
let served: CommandProcess;
beforeAll(async () => {
  desk = await createDeskProject();
  port = await freePort();
  desk.write("workflows/say.ts", SAY);
  desk.write("offstage.yaml", SETTINGS(port));
  await desk.run("check");
  serving = createLivingCommands(desk.folder, ["serve", "say", "announce"], TOKENS);
  served = serving.start();
}, 60_000);
afterAll(async () => {
  await serving.killAll();
  desk.remove();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly id: string; readonly run: { readonly status: string }; readonly runs: readonly string[]; readonly permissions: readonly { readonly id: string }[]; readonly effects: readonly object[]; readonly next: string | null };
}

async function ask(token: keyof typeof TOKENS, what: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const [method = "", path = ""] = what.split(" ");
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, headers: { authorization: `Bearer ${TOKENS[token]}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** As a caller does: until it is accepted. */
async function call(n: number): Promise<string> {
  return vi.waitFor(async () => {
    const { status, body } = await ask("CI", "POST /workflows/say/runs", { inputs: { n: `n${n}` } }, { "idempotency-key": `call-${n}` });
    expect(status).toBe(202);
    return body.id;
  }, { timeout: 60_000, interval: 20 });
}

async function count(filter: string): Promise<number> {
  let found = 0;
  for (let cursor: string | null = ""; cursor !== null;) {
    const { body }: Answer = await ask("CI", `GET /effects?limit=100&${filter}${cursor === "" ? "" : `&cursor=${cursor}`}`);
    found += body.effects.length;
    cursor = body.next;
  }
  return found;
}

test("of calls that were sent again and again, with one key each, every one starts one run, whatever is killed", async () => {
  const ids = new Map<number, Set<string>>();
  const { sent, done } = sendAll(Array.from({ length: CALLS * 2 }, (_, index) => index % CALLS), SENDERS, async (n) => {
    ids.set(n, (ids.get(n) ?? new Set()).add(await call(n)));
  });
  for (let kill = 1; kill <= KILLS; kill++) {
    await vi.waitFor(() => expect(sent()).toBeGreaterThan((kill * CALLS * 2) / (KILLS + 2)), { timeout: 60_000, interval: 1 });
    served = await serving.replace(served);
  }
  await done;
  expect([...ids.values()].map(({ size }) => size)).toEqual(Array.from({ length: CALLS }, () => 1));
  const runs = async (): Promise<readonly { readonly id: string; readonly status: string }[]> => (await desk.json("runs", "--limit", "1000", "--workflow", "say")).document.result.runs;
  await vi.waitFor(async () => expect((await runs()).filter(({ status }) => status !== "succeeded" && status !== "needs-attention")).toEqual([]), { timeout: 60_000, interval: 500 });
  expect((await runs()).map(({ id }) => id).toSorted()).toEqual([...ids.values()].flatMap((one) => [...one]).toSorted());
  const said = desk.writes();
  expect(new Set(said).size).toBe(said.length);
  // One write at a time was under way when it was killed.
  const inDoubt = (await runs()).filter(({ status }) => status === "needs-attention").length;
  expect(await count("status=ambiguous&status=intended")).toBe(inDoubt);
  expect(inDoubt).toBeLessThanOrEqual(KILLS);
  expect(await count("status=done")).toBe(CALLS - inDoubt);
}, 300_000);

test("an approval over HTTP is seen live and gone on with; the process ends with its streams open", async () => {
  await vi.waitFor(async () => expect((await ask("CI", "GET /runs?limit=1")).status).toBe(200), { timeout: 30_000, interval: 50 });
  const stream = await fetch(`http://127.0.0.1:${port}/api/v1/events`, { headers: { authorization: `Bearer ${TOKENS.ADA}` } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const until = async (wanted: string): Promise<void> => {
    while (!heard.includes(wanted)) heard += (await reader?.read())?.value ?? "";
  };
  const { body: { id } } = await ask("CI", "POST /workflows/announce/runs");
  await until('"asks":"permission"');
  const { body: { permissions } } = await ask("ADA", "GET /approvals");
  expect(permissions).toHaveLength(2);
  for (const permission of permissions) expect((await ask("ADA", `POST /approvals/${permission.id}/approve`, { why: "it is on fire" })).status).toBe(200);
  await vi.waitFor(async () => expect(desk.writes().filter((line) => line.includes("Printer")).length).toBe(1), { timeout: 30_000, interval: 50 });
  await vi.waitFor(async () => expect((await ask("CI", `GET /runs?root=${id}&limit=1`)).body.runs).toMatchObject([{ status: "succeeded" }]), { timeout: 30_000, interval: 50 });
  await until('"status":"succeeded"');
  const ended = serving.end(served, "SIGTERM");
  // An open stream holds nothing up.
  for (let over = false; !over;) over = (await reader?.read())?.done ?? true;
  expect(await ended).toMatchObject({ code: 0 });
  expect(JSON.stringify(await ended)).not.toMatch(/0123456789abcdef/);
}, 120_000);
