import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { createLivingCommands, type LivingCommands } from "../testing/living-commands.ts";

// People are told through a tool of the project's own server, answer by the link that they were sent, and the write is made: over a process that is killed again and again.

const KEY = "link-key-0123456789abcdef0123456789";
const ROUNDS = 4;
const SAY = `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "say", on: [], inputs: { n: "" }, limits: { writes: 5 } }, async ({ inputs }) => { await once(inputs.n, () => desk.say({ text: inputs.n })); return inputs.n; });
`;
const settings = (port: number): string => `policy: { rules: [{ verdict: approve, workflow: say, by: oncall }] }
serve:
  listen: "127.0.0.1:${port}"
  api: { tokens: [{ name: ci, role: operator, token: "\${env:CI}" }] }
approvals:
  groups: { oncall: [ada] }
  links: { url: "http://127.0.0.1:${port}", key: "\${env:LINK_KEY}" }
  notify: { server: desk, tool: say, to: oncall, most: 50, args: { text: "{{ approver }}: {{ message }} {{ link }}" } }
`;

let desk: DeskProject;
let port: number;
let serving: LivingCommands;
beforeAll(async () => {
  desk = await createDeskProject();
  port = await freePort();
  desk.write("workflows/say.ts", SAY);
  desk.write("offstage.yaml", settings(port));
  serving = createLivingCommands(desk.folder, ["serve", "say"], { CI: "operator-0123456789abcdef", LINK_KEY: KEY });
}, 60_000);
afterAll(async () => {
  await serving.killAll();
  desk.remove();
});

const notices = (n: string): readonly string[] => desk.state().said.filter((text) => text.startsWith("ada: ") && text.includes(`once ${n} `));
const linkIn = (text: string): string => /http\S+$/.exec(text)?.[0] ?? "";

async function until<T>(look: () => Promise<T> | T): Promise<T> {
  return vi.waitFor(look, { timeout: 60_000, interval: 25 });
}

async function call(n: string): Promise<void> {
  await until(async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/workflows/say/runs`, { method: "POST", body: JSON.stringify({ inputs: { n } }), headers: { authorization: "Bearer operator-0123456789abcdef", "content-type": "application/json", "idempotency-key": n } });
    expect(status).toBe(202);
  });
}

async function permit(link: string): Promise<number> {
  return until(async () => {
    const { status } = await fetch(link, { method: "POST", body: new URLSearchParams({ verdict: "approve", why: "seen" }) });
    expect([200, 410]).toContain(status);
    return status;
  });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

test("each request is told of once and each write made once, or in doubt and said to be; no link stands anywhere but where it was sent", async () => {
  let served = serving.start();
  const outputs: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const n = `n${round}`;
    await call(n);
    // Killed while it tells, or just after that.
    if (round % 2 === 0) served = await serving.replace(served);
    const inDoubt = async (): Promise<boolean> => JSON.stringify((await desk.json("resolve")).document).includes(`${n} `);
    const told = await until(async () => {
      const [text] = notices(n);
      expect(text !== undefined || (round % 2 === 0 && await inDoubt())).toBe(true);
      return text;
    });
    if (told === undefined) continue;
    expect(notices(n)).toHaveLength(1);
    const link = linkIn(told);
    expect((await until(() => fetch(link))).status).toBe(200);
    const answering = permit(link);
    if (round % 2 === 1) served = await serving.replace(served);
    await answering;
    await permit(link);
    await until(async () => expect(desk.state().said.includes(n) || (round % 2 === 1 && await inDoubt())).toBe(true));
  }
  outputs.push(JSON.stringify(await serving.end(served, "SIGTERM")));
  const stories = await Promise.all((await desk.json("runs")).document.result.runs.map(async ({ id }) => (await desk.run("show", id)).out));
  expect(stories.filter((story) => /Messages of what it asks people:\n {2}✓ of \S+, to ada {2}desk\.say/.test(story)).length).toBeGreaterThanOrEqual(2);
  outputs.push(...stories);
  for (let round = 0; round < ROUNDS; round++) {
    expect(notices(`n${round}`).length).toBeLessThanOrEqual(1);
    expect(desk.state().said.filter((text) => text === `n${round}`).length).toBeLessThanOrEqual(1);
  }
  for (const argv of [["runs"], ["show"], ["approve"], ["resolve"]]) outputs.push(JSON.stringify(await desk.json(...argv)));
  const sent = desk.state().said.filter((text) => text.startsWith("ada: ")).map((text) => linkIn(text).split("/").at(-1) ?? "");
  expect(sent.length).toBeGreaterThanOrEqual(2);
  const kept = [...filesBelow(join(desk.folder, ".offstage")).map((path) => readFileSync(path, "latin1")), ...outputs].join("\n");
  for (const token of sent) for (const part of [token, token.split(".")[2] ?? "none"]) expect(kept.includes(part)).toBe(false);
  expect(kept).toContain("[link]");
}, 300_000);

test("what nobody answered in time is refused by the process that serves, and can be permitted after all", async () => {
  desk.write("offstage.yaml", settings(port).replace("approvals:\n", "approvals:\n  timeout: 1h\n"));
  let served = serving.start();
  await call("late");
  const asked = await until(async () => {
    const found = (await desk.json("approve")).document.result.requests.find(({ label }) => label === "once late");
    expect(found).toBeDefined();
    return found;
  });
  await serving.end(served, "SIGTERM");
  // Hours in which nobody looked.
  const database = new DatabaseSync(join(desk.folder, ".offstage", "store.db"));
  database.prepare("UPDATE requests SET opened_at = opened_at - 7200000 WHERE id = ?").run(asked?.id ?? "");
  database.close();
  served = serving.start();
  await until(async () => expect((await desk.json("approve")).document.result).toMatchObject({ denied: expect.arrayContaining([expect.objectContaining({ id: asked?.id, answers: [expect.objectContaining({ way: "timeout", by: "approvals.timeout" })] })]) as unknown }));
  expect(JSON.stringify(await serving.end(served, "SIGTERM"))).toContain("Nobody answered in time whether once late may be written");
  await desk.run("approve", asked?.id ?? "", "--by", "ada");
  expect(desk.state().said).toContain("late");
}, 120_000);
