import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { githubDelivery } from "../../../../packages/runtime/src/testing/github-delivery.ts";
import { createTestProject, type TestProject } from "../testing/command-line.ts";
import { createLivingCommands, type LivingCommands } from "../testing/living-commands.ts";
import { sendAll } from "../testing/send-all.ts";

// Ten thousand deliveries over real HTTP, half of them sent before, faster than their runs can be driven; in the middle the process is killed.

const EVENTS = 5_000;
const SENDERS = 32;
const SECRET = "a-webhook-secret";
const ADD = `import { webhook, workflow } from "offstage";
export default workflow({ name: "add", on: [webhook("shop", { key: (event) => String(event.body.n) })] }, async ({ event }) => (event?.kind === "webhook" ? event.body.n + 1 : null));
`;

let project: TestProject;
let port: number;
let serving: LivingCommands;
beforeAll(async () => {
  project = createTestProject({ "mcp.json": '{ "mcpServers": {} }', "workflows/add.ts": ADD });
  port = await freePort();
  project.write("offstage.yaml", `webhooks:\n  shop: { verify: github, secret: "\${env:HOOK_SECRET}" }\nserve: { listen: "127.0.0.1:${port}" }\n`);
  await project.run("check");
  serving = createLivingCommands(project.folder, ["serve", "add"], { HOOK_SECRET: SECRET });
}, 60_000);
afterAll(async () => {
  await serving.killAll();
  project.remove();
});

/** As a sender does: until it is accepted. */
async function deliver(n: number): Promise<void> {
  const delivery = githubDelivery(SECRET, `d${n}`, JSON.stringify({ n }));
  const status = await fetch(`http://127.0.0.1:${port}/webhooks/shop`, delivery).then(async (answer) => (await answer.text(), answer.status), () => 0);
  if (status === 202) return;
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  return deliver(n);
}

interface Summary {
  readonly id: string;
  readonly status: string;
  readonly event: { readonly body: { readonly n: number } };
  readonly output: number;
}

test("each event of a storm has one run, which succeeds; half of the deliveries were sent before, and the process was killed in the middle", async () => {
  let served = serving.start();
  const { sent, done } = sendAll(Array.from({ length: EVENTS * 2 }, (_, index) => index >> 1), SENDERS, deliver);
  await vi.waitFor(() => expect(sent()).toBeGreaterThan(EVENTS), { timeout: 120_000, interval: 20 });
  served = await serving.replace(served);
  await done;
  const runs = async (): Promise<readonly Summary[]> => (JSON.parse((await project.run("runs", "--limit", "100000", "--json")).out) as { readonly result: { readonly runs: readonly Summary[] } }).result.runs;
  await vi.waitFor(async () => {
    const all = await runs();
    expect([all.length, all.filter(({ status }) => status !== "succeeded").length]).toEqual([EVENTS, 0]);
  }, { timeout: 240_000, interval: 2_000 });
  const all = await runs();
  expect(new Set(all.map(({ event }) => event.body.n)).size).toBe(EVENTS);
  expect(all.every(({ event, output }) => output === event.body.n + 1)).toBe(true);
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 400_000);
