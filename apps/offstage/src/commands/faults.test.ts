import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { replaceFile } from "../project/write-file.ts";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";
import { expectTold } from "../testing/expect-told.ts";

// What is wrong around a run: a clear error, what to do next, no stack trace, nothing written and nothing lost.

let desk: DeskProject;
let config: string;
beforeAll(async () => {
  desk = await createDeskProject();
  config = desk.read("mcp.json");
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("mcp.json", config);
  desk.write("offstage.yaml", SETTINGS);
});
afterAll(() => desk.remove());

function editConfig(edit: (servers: Record<string, Record<string, unknown>>) => void): void {
  const parsed = JSON.parse(config) as { mcpServers: Record<string, Record<string, unknown>> };
  edit(parsed.mcpServers);
  desk.write("mcp.json", JSON.stringify(parsed));
}

describe("servers", () => {
  test("a tool that changed since it was locked stops the write; the difference is readable, and reads go on", async () => {
    desk.change({ edition: 2 });
    const stopped = await desk.json("run", "tickets");
    expect(stopped.code).toBe(1);
    const { error } = stopped.document.result.run;
    expect(error?.code).toBe("TOOL_CHANGED");
    expect(error?.message).toContain("desk.open_ticket");
    expect(error?.message).toContain("audience");
    expect(error?.hint).toContain("offstage lock");
    expect(desk.writes()).toEqual([]);
    expect(stopped.document.result).toMatchObject({ changedTools: ["desk.open_ticket"] });
    expect(await desk.json("plan", "tickets")).toMatchObject({ code: 1, document: { result: { run: { error: { code: "TOOL_CHANGED" } }, changedTools: ["desk.open_ticket"] } } });
    // A workflow that does not use the tool is none the worse.
    expect((await desk.run("run", "announce")).code).toBe(0);
    const checked = await desk.run("lock", "--check");
    expect(checked.code).toBe(3);
    expect(checked.out).toContain("~ desk.open_ticket\n");
    expect(checked.out).toContain("These workflows do not check: tickets");
  });

  test("TARGET_CHANGED: what was made in one site is not looked for in another", async () => {
    await desk.run("run", "tickets");
    desk.change({ requests: [{ id: "r1", title: "Retitled" }] });
    editConfig(({ desk: entry }) => Object.assign(entry ?? {}, { env: { DESK_SITE: "staging.example" } }));
    const refused = await desk.json("run", "tickets");
    expect(refused.code).toBe(1);
    expect(JSON.stringify(refused.document.result.run)).toContain("TARGET_CHANGED");
    expect(JSON.stringify(refused.document.result.run)).toMatch(/lives in [^"]*desk\.example, and .* speaks to [^"]*staging\.example now/);
    expect(desk.writes()).toHaveLength(2);
    desk.write("mcp.json", config);
    expect((await desk.run("run", "tickets")).code).toBe(0);
    expect(desk.state().tickets[0]?.title).toBe("Retitled");
  });

  test("a missing secret is told before anything runs, with its place", async () => {
    editConfig(({ desk: entry }) => Object.assign(entry ?? {}, { env: { DESK_SITE: "desk.example", DESK_TOKEN: "${env:NO_SUCH_TOKEN}" } }));
    for (const command of ["plan", "run"]) {
      const refused = await desk.run(command, "tickets");
      expectTold(refused, "SECRET_MISSING", 1);
      expect(refused.err).toContain("NO_SUCH_TOKEN");
      expect(refused.err).toContain("mcp.json: the server desk");
    }
    expect((await desk.json("runs")).document.result.runs).toEqual([]);
  });

  test("a missing secret of a server that the workflow does not use disturbs nobody", async () => {
    editConfig((servers) => {
      servers["other"] = { command: "node", env: { TOKEN: "${env:NO_SUCH_TOKEN}" } };
    });
    const lock = desk.read("offstage.lock");
    const locked = JSON.parse(lock) as { servers: Record<string, { readonly tools: Record<string, object> }> };
    const desks = locked.servers["desk"] ?? { tools: {} };
    const tools = Object.fromEntries(Object.entries(desks.tools).map(([name, tool]) => [name, { ...tool, classes: [{ rule: null, effect: "write", from: "default" }] }]));
    desk.write("offstage.lock", `${JSON.stringify({ ...locked, servers: { ...locked.servers, other: { ...desks, tools } } }, null, 2)}\n`);
    const ran = await desk.run("run", "announce");
    desk.write("offstage.lock", lock);
    expect(ran).toMatchObject({ code: 0 });
  });

  test("a server that cannot be started is named, and the run ends without a write", async () => {
    editConfig(({ desk: entry }) => Object.assign(entry ?? {}, { command: join(desk.folder, "no-such-program") }));
    const failed = await desk.json("run", "tickets");
    expect(failed.code).toBe(1);
    expect(failed.document.result.run).toMatchObject({ status: "failed", error: { message: expect.stringContaining("no-such-program") as string, hint: expect.any(String) as string } });
    expect(desk.writes()).toEqual([]);
  });

  test("a plan that needed no read of a server that cannot be reached says that it did not look at its tools", async () => {
    desk.write("workflows/hello.ts", 'import { once, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "hello", on: [] }, async () => {\n  await once("hello", () => desk.say({ text: "hello" }));\n});\n');
    editConfig(({ desk: entry }) => Object.assign(entry ?? {}, { command: join(desk.folder, "no-such-program") }));
    const planned = await desk.run("plan", "hello");
    const asData = await desk.json("plan", "hello");
    const ran = await desk.run("run", "hello");
    rmSync(join(desk.folder, "workflows/hello.ts"));
    // What was not sent is no write.
    expect(ran).toMatchObject({ code: 1, out: expect.stringMatching(/^Run \S+ failed in \S+: 0 writes\.$/m) as string });
    expect(ran.out).toMatch(/^ {2}at workflows\/hello\.ts:4, step /m);
    expect(planned).toMatchObject({ code: 0, out: expect.stringMatching(/Plan: 1 to create[\s\S]*\nWarning: desk could not be reached, so its writes were planned without a look at its tools\.\n {2}SERVER_START: .*no-such-program/) as string });
    expect(asData.document.result).toMatchObject({ unreached: [{ server: "desk", error: { code: "SERVER_START" } }] });
  });

  test("a server that ends in the middle of a read is named", async () => {
    desk.change({ faults: [{ tool: "list_requests", how: "die" }] });
    const failed = await desk.json("run", "announce");
    expect(failed).toMatchObject({ code: 1, document: { result: { run: { status: "failed", error: { message: expect.stringContaining("desk") as string } } } } });
    expect((await desk.run("run", "announce")).code).toBe(0);
  });
});

describe("what a person wrote", () => {
  test.each([
    ["no TypeScript", "this is no { module", /^workflows\/broken\.ts:1:\d+ error \S+ /m],
    ["outside the subset", 'import { workflow } from "offstage";\nexport default workflow({ name: "broken", on: [] }, async () => {\n  while (true) {}\n});\n', /^workflows\/broken\.ts:3:3 error \S+ [\s\S]*?\n {2}hint: /m],
    ["called otherwise than its file", 'import { workflow } from "offstage";\nexport default workflow({ name: "whole", on: [] }, async () => null);\n', /^workflows\/broken\.ts:2:\d+ error NAME_INVALID .*whole.*broken/m],
    ["another module", 'import { readFileSync } from "node:fs";\nexport default readFileSync;\n', /^workflows\/broken\.ts:1:/m],
  ])("a module that is %s is refused with its places, by every command that would run it", async (_what, text, told) => {
    desk.write("workflows/broken.ts", text);
    const ends = [await desk.run("check", "broken"), await desk.run("run", "broken"), await desk.run("plan", "broken"), await desk.run("apply", "broken", "--yes")];
    const asData = await desk.json("run", "broken");
    rmSync(join(desk.folder, "workflows/broken.ts"));
    expect(asData.document).toMatchObject({ ok: false, error: { code: "WORKFLOW_INVALID", diagnostics: expect.arrayContaining([expect.objectContaining({ severity: "error", file: "workflows/broken.ts" })]) as unknown } });
    for (const end of ends) {
      expect(end.code).toBe(2);
      expect(end.out + end.err).toMatch(told);
      expect(end.out + end.err).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    }
    expect((await desk.json("runs")).document.result.runs).toEqual([]);
  });

  test("without a lock there is one fault, at the import, however much of the workflow depends on it", async () => {
    const lock = desk.read("offstage.lock");
    rmSync(join(desk.folder, "offstage.lock"));
    const ends = [await desk.run("check", "tickets"), await desk.run("plan", "tickets"), await desk.run("run", "tickets")];
    desk.write("offstage.lock", lock);
    for (const end of ends) {
      expect(end.code).toBe(2);
      expect((end.out + end.err).match(/ error [A-Z]/g)).toHaveLength(1);
      expect(end.out + end.err).toMatch(/^workflows\/tickets\.ts:2:\d+ error SERVERS_NOT_LOCKED .*offstage\.lock is missing[\s\S]*?\n {2}hint: .*offstage lock/m);
    }
  });

  test("a server that was renamed in mcp.json is told where the workflow names it, by check too", async () => {
    editConfig((servers) => {
      servers["desks"] = servers["desk"] ?? {};
      delete servers["desk"];
    });
    for (const command of ["check", "plan", "run"]) {
      const end = await desk.run(command, "tickets");
      expect(end.code).toBe(2);
      expect(end.out + end.err).toMatch(/^workflows\/tickets\.ts:2:10 error SERVER_UNKNOWN mcp\.json has no server desk; it has desks\.[\s\S]*?\n {2}hint: Did you mean desks\?/m);
    }
    expect((await desk.json("runs")).document.result.runs).toEqual([]);
  });

  test("a profile that says something else than the lock has to be locked first", async () => {
    const profile = desk.read("profiles/desk.ts");
    desk.write("profiles/desk.ts", profile.replace('say: [{ effect: "write"', 'say: [{ effect: "read"'));
    const refused = await desk.run("run", "announce");
    desk.write("profiles/desk.ts", profile);
    expectTold(refused, "LOCK_INVALID", 2);
    expect(refused.err).toContain("desk.say");
  });

  test("arguments that a tool does not take are told before anything is sent, and who says that a call writes", async () => {
    const misspelt = await desk.run("call", "desk.find_tickets", "--args", '{"lable":"r1"}');
    expectTold(misspelt, "USAGE", 2);
    expect(misspelt.err).toContain("desk.find_tickets does not take these arguments: label is missing");
    const writes = await desk.run("call", "desk.say", "--args", '{"text":"hello"}');
    expectTold(writes, "USAGE", 2);
    expect(writes.err).toContain("desk.say: its profile profiles/desk.ts says that it writes.");
    desk.write("offstage.yaml", `${SETTINGS}policy: { classes: [{ server: desk, tool: list_requests, effect: write }] }\n`);
    expect((await desk.run("call", "desk.list_requests")).err).toContain("policy.classes in offstage.yaml says that it writes");
    expect(desk.writes()).toEqual([]);
  });

  test("a denied write ends the run, and says where the rule is", async () => {
    desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: deny, tool: say }] }\n`);
    expect(await desk.json("run", "announce")).toMatchObject({ code: 1, document: { result: { run: { status: "failed", error: { code: "EFFECT_REFUSED", hint: expect.stringContaining("offstage.yaml") as string } } } } });
    expect(desk.writes()).toEqual([]);
  });
});

describe("the store", () => {
  const file = (): string => join(desk.folder, ".offstage/store.db");

  test("that a newer version made is refused and left as it is", async () => {
    await desk.run("run", "announce");
    const database = new Sqlite(file());
    database.pragma("user_version = 99");
    database.close();
    const before = readFileSync(file());
    for (const argv of [["runs"], ["run", "tickets"], ["approve"], ["resolve"], ["show"]]) expectTold(await desk.run(...argv), "STORE_NEWER", 1);
    expect(Buffer.compare(readFileSync(file()), before)).toBe(0);
    expect(desk.state().tickets).toEqual([]);
  });

  test("that is damaged is refused, says to restore a backup, and is left as it is", async () => {
    await desk.run("run", "announce");
    copyFileSync(file(), `${file()}.kept`);
    const whole = readFileSync(file());
    writeFileSync(file(), whole.subarray(0, 5_000));
    const refused = await desk.run("run", "announce");
    expectTold(refused, "STORE_CORRUPT", 1);
    expect(refused.err).toContain("restore a backup");
    expect(readFileSync(file())).toHaveLength(5_000);
    expect(desk.state().said).toHaveLength(2);
    // The backup knows what was written.
    for (const suffix of ["-wal", "-shm"]) rmSync(`${file()}${suffix}`, { force: true });
    copyFileSync(`${file()}.kept`, file());
    expect((await desk.run("run", "announce")).code).toBe(0);
    expect(desk.state().said).toHaveLength(2);
  });

  test("that is no store of ours, or no file, is refused", async () => {
    desk.write("offstage.yaml", `${SETTINGS}store: { file: workflows }\n`);
    expectTold(await desk.run("run", "announce"), "STORE_UNAVAILABLE", 1);
    const database = new Sqlite(join(desk.folder, "other.db"));
    database.exec("CREATE TABLE notes (text)");
    database.close();
    desk.write("offstage.yaml", `${SETTINGS}store: { file: other.db }\n`);
    expectTold(await desk.run("run", "announce"), "STORE_UNAVAILABLE", 1);
    expect(desk.writes()).toEqual([]);
  });

  test("whose folder cannot be made is refused, and so is every other file of ours with one in its way", async () => {
    desk.write("offstage.yaml", `${SETTINGS}store: { file: mcp.json/store.db }\n`);
    expectTold(await desk.run("run", "announce"), "STORE_UNAVAILABLE", 1);
    expect(() => replaceFile(join(desk.folder, "mcp.json/types/servers.d.ts"), "")).toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("servers.d.ts cannot be written") as string }));
    expect(desk.writes()).toEqual([]);
  });
});
