import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { githubDelivery } from "../../../../packages/runtime/src/testing/github-delivery.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { createLivingCommands, type LivingCommands } from "../testing/living-commands.ts";
import { sendAll } from "../testing/send-all.ts";

// A storm of deliveries over real HTTP, each sent twice or more, while the process that takes them is killed again and again.

const DELIVERIES = 400;
const KILLS = 6;
const CONCURRENCY = 8;
const SENDERS = 8;
const SECRET = "a-webhook-secret";
const HEAR = `import { once, webhook, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "hear", on: [webhook("github", { key: (event) => String(event.body.n) })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "webhook") return;
  const n = String(event.body.n);
  await once(n, () => desk.say({ text: n }));
});
`;

let desk: DeskProject;
let port: number;
let serving: LivingCommands;
beforeAll(async () => {
  desk = await createDeskProject();
  port = await freePort();
  desk.write("workflows/hear.ts", HEAR);
  desk.write("offstage.yaml", `webhooks:\n  github: { verify: github, secret: "\${env:HOOK_SECRET}" }\nserve: { listen: "127.0.0.1:${port}", concurrency: ${CONCURRENCY} }\n`);
  await desk.run("check");
  serving = createLivingCommands(desk.folder, ["serve", "hear"], { HOOK_SECRET: SECRET });
}, 60_000);
afterAll(async () => {
  await serving.killAll();
  desk.remove();
});

/** As a sender does: until it is accepted. */
async function deliver(n: number): Promise<void> {
  const delivery = githubDelivery(SECRET, `d${n}`, JSON.stringify({ n }));
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/webhooks/github`, delivery)).status).toBe(202), { timeout: 60_000, interval: 50 });
}

test("of deliveries that were accepted none is lost and none is made twice, whatever is killed and however often they are sent", async () => {
  let served = serving.start();
  const { sent, done } = sendAll(Array.from({ length: DELIVERIES * 2 }, (_, index) => index % DELIVERIES), SENDERS, deliver);
  for (let kill = 1; kill <= KILLS; kill++) {
    await vi.waitFor(() => expect(sent()).toBeGreaterThan((kill * DELIVERIES * 2) / (KILLS + 2)), { timeout: 60_000, interval: 5 });
    served = await serving.replace(served);
  }
  await done;
  const statuses = async (): Promise<readonly string[]> => (await desk.json("runs", "--limit", "1000")).document.result.runs.map(({ status }) => status);
  await vi.waitFor(async () => {
    const all = await statuses();
    expect(all).toHaveLength(DELIVERIES);
    expect(all.filter((status) => status !== "succeeded" && status !== "needs-attention")).toEqual([]);
  }, { timeout: 120_000, interval: 500 });
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
  const said = desk.writes();
  expect(new Set(said).size).toBe(said.length);
  const inDoubt = (await statuses()).filter((status) => status === "needs-attention").length;
  // A kill meets as many writes as go on side by side.
  expect(inDoubt).toBeLessThanOrEqual(KILLS * CONCURRENCY);
  expect(said.length).toBeGreaterThanOrEqual(DELIVERIES - inDoubt);
}, 300_000);
