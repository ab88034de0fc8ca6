import { join } from "node:path";
import { createRedactor } from "offstage/base";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openProject } from "../project/load-project.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// What a secret of the project can do in its commands: nothing. `idle` is a server that no workflow and no command here uses.

const SECRET = "correct-horse-0123456789";
const KEY = `-----BEGIN KEY-----\n${"0123456789abcdef".repeat(3)}\n${"fedcba9876543210".repeat(3)}\n-----END KEY-----\n`;

let desk: DeskProject;
let config: string;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("token", SECRET);
  desk.write("key", KEY);
  const { mcpServers } = JSON.parse(desk.read("mcp.json")) as { mcpServers: Record<string, object> };
  config = JSON.stringify({ mcpServers: { ...mcpServers, idle: { command: "no-such-command", args: ["${env:NOT_SET}", "a ${file:key} ${env:NOT_SET}"], env: { TOKEN: "${file:token}" } } } });
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("mcp.json", config);
});
afterAll(() => desk.remove());

/** All that is in the store, whatever table it is in. */
const storeText = (): string => ["", "-wal"].map((suffix) => readOrNothing(`.offstage/store.db${suffix}`)).join("");

function readOrNothing(path: string): string {
  try {
    return desk.read(path);
  } catch {
    return "";
  }
}

test("an input that holds a secret is refused, and neither shown nor kept", async () => {
  for (const command of [["run", "announce"], ["plan", "announce"], ["apply", "announce", "--yes"]]) {
    const end = await desk.run(...command, "--input", `greeting=a ${SECRET}`);
    expect(end).toMatchObject({ code: 2, out: "", err: expect.stringContaining("error SECRET_IN_INPUT: The input greeting") as string });
    expect(end.err).not.toContain(SECRET);
  }
  expect(storeText()).not.toContain(SECRET);
  expect(desk.writes()).toEqual([]);
});

test("what a server tells of another one's secret is kept out of the store, the plan, its file and every answer", async () => {
  const line = KEY.split("\n")[1] ?? "";
  desk.reset({ requests: [{ id: "r1", title: `${SECRET} and ${line}` }] });
  const planned = await desk.json("plan", "announce", "--out", "announce.json");
  expect(planned.code).toBe(0);
  expect(await desk.run("apply", "announce.json")).toMatchObject({ code: 0 });
  const told = [planned.out, desk.read("announce.json"), storeText(), ...desk.writes(), (await desk.run("show")).out, (await desk.run("runs", "--json")).out, (await desk.run("call", "desk.list_requests", "--no-learn")).out];
  for (const text of told) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(line);
  }
  expect(desk.read("announce.json")).toContain("[redacted token] and [redacted key]");
});

test("what was stored before its secret was known is redacted before it is cut, and such a plan's file can be applied", async () => {
  desk.write("mcp.json", JSON.stringify({ mcpServers: { desk: (JSON.parse(config) as { mcpServers: { desk: object } }).mcpServers.desk } }));
  desk.reset({ requests: [{ id: "r1", title: `${"x".repeat(60)} ${SECRET}` }] });
  expect((await desk.run("plan", "announce", "--out", "announce.json")).code).toBe(0);
  desk.write("mcp.json", config);
  expect(await desk.run("apply", "announce.json")).toMatchObject({ code: 0, out: expect.not.stringContaining("correct-") as string });
  for (const end of [await desk.run("show"), await desk.run("show", "--json"), await desk.run("plan", "announce")]) expect(end.out).not.toContain("correct-");
});

test("who answers, and what a person says that a tool answered, are kept without a secret", async () => {
  desk.write("workflows/ask.ts", `import { approve, workflow } from "offstage";\nexport default workflow({ name: "ask", on: [] }, async () => {\n  const { by } = await approve({ message: "Yes?" });\n  return by;\n});\n`);
  await desk.run("run", "ask");
  const answered = await desk.run("approve", "all", "--by", `ada ${SECRET}`);
  expect(answered).toMatchObject({ code: 0, out: expect.stringContaining(" succeeded ") as string });
  desk.change({ faults: [{ tool: "say", how: "lost" }] });
  const { ambiguous } = (await desk.json("run", "announce")).document.result.run;
  const resolved = await desk.run("resolve", ambiguous[0]?.effect ?? "", "--happened", "--result", JSON.stringify({ ok: true, note: SECRET }), "--by", SECRET);
  expect(resolved.code).toBe(0);
  const refused = await desk.run("resolve", ambiguous[0]?.effect ?? "", "--happened", "--result", SECRET);
  const told = [answered.out, answered.err, resolved.out, refused.err, storeText(), (await desk.run("runs", "--json")).out];
  for (const text of told) expect(text).not.toContain(SECRET.slice(0, 8));
});

test("what an offered event holds of a secret is neither kept nor shown, nor what is no event", async () => {
  desk.write("workflows/hear.ts", `import { waitFor, webhook, workflow } from "offstage";
export default workflow({ name: "hear", on: [], inputs: {} }, async () => (await waitFor(webhook("github")))?.body ?? "none");
`);
  const { run } = (await desk.json("run", "hear")).document.result;
  desk.write("broken.json", `{ "body": ${SECRET} }`);
  const refused = await desk.run("resume", run.id, "--event", "broken.json");
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("EVENT_INVALID") as string });
  desk.write("event.json", JSON.stringify({ headers: { authorization: `token ${SECRET}` }, body: { text: SECRET } }));
  const ended = await desk.run("resume", run.id, "--event", "event.json", "--event-id", SECRET);
  expect(ended).toMatchObject({ code: 0 });
  expect((await desk.json("show", run.id)).document.result.run.output).toEqual({ text: "[redacted token]" });
  for (const text of [refused.err, refused.out, ended.err, ended.out, storeText()]) expect(text).not.toContain("correct-");
});

test("the key of a model that nobody asks is known too", async () => {
  const settings = desk.read("offstage.yaml");
  desk.write("model-key", "battery-staple-0123456789");
  desk.write("offstage.yaml", `${settings}model: { use: local/any, providers: { other: { url: "http://127.0.0.1:9/v1", key: "\${env:NOT_SET}" }, local: { url: "http://127.0.0.1:9/v1", key: "\${file:model-key}" } } }\n`);
  const end = await desk.run("run", "announce", "--input", "greeting=battery-staple-0123456789");
  desk.write("offstage.yaml", settings);
  expect(end).toMatchObject({ code: 2, err: expect.stringContaining("SECRET_IN_INPUT") as string });
  expect(end.err).not.toContain("battery");
});

test("the key of kept logins is known where no login is opened, and the key of the collector of traces where nothing is traced", async () => {
  const [settings, sealing, collecting] = [desk.read("offstage.yaml"), "sealing-key-0123456789-0123456789", "collector-key-0123456789"];
  desk.write("sealing", sealing);
  desk.write("offstage.yaml", `${settings}tokens: { key: "\${file:sealing}" }\n`);
  desk.reset({ requests: [{ id: "r1", title: `${sealing} and ${collecting}` }] });
  const io = { cwd: desk.folder, projectFolder: null, redactor: createRedactor(), env: { OTEL_EXPORTER_OTLP_HEADERS: `x-key=${collecting}` } };
  openProject(io);
  const end = await desk.run("call", "desk.list_requests", "--no-learn");
  desk.write("offstage.yaml", settings);
  expect(end.out).toContain("[redacted OFFSTAGE_KEY]");
  expect(end.out).not.toContain(sealing);
  expect(io.redactor.redact(collecting)).toBe("[redacted OTEL_EXPORTER_OTLP_HEADERS]");
});

test("a plan replaces a plan and nothing else", async () => {
  const workflow = desk.read("workflows/announce.ts");
  for (const out of ["workflows/announce.ts", "mcp.json", "workflows"]) {
    const end = await desk.run("plan", "announce", "--out", out);
    expect(end).toMatchObject({ code: 2, err: expect.stringContaining(`${join(desk.folder, out)} is there already and is no plan`) as string });
  }
  expect(desk.read("workflows/announce.ts")).toBe(workflow);
  expect((await desk.run("plan", "announce", "--out", "new.json")).code).toBe(0);
  expect((await desk.run("plan", "announce", "--out", "new.json")).code).toBe(0);
});
