import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());
beforeEach(() => {
  desk.reset({ requests: [{ id: "r1", title: "Printer is on fire" }, { id: "r2", title: "No coffee" }] });
  desk.write("offstage.yaml", SETTINGS);
});

interface Recorded {
  readonly phase: string;
  readonly inputs: object;
  readonly calls: readonly { readonly tool: string; readonly class: string; readonly args: object; readonly value?: unknown; readonly error?: { readonly code: string } }[];
  readonly effects: readonly { readonly label: string; readonly args: unknown }[];
}

const fixture = (workflow: string, name: string): Recorded => JSON.parse(desk.read(`fixtures/${workflow}/${name}.json`)) as Recorded;

describe("offstage record", () => {
  test("plans against the live servers: reads are kept, writes are expected effects, nothing is written and no store is touched", async () => {
    const end = await desk.run("record", "tickets", "--case", "two");
    expect(end).toMatchObject({ code: 0, out: expect.stringMatching(/^recorded fixtures\/tickets\/two\.json\n {2}3 calls\n {7}2 {2}desk\.find_tickets\n {7}1 {2}desk\.list_requests\n {2}2 effects expected, none was made\nIt replays offline/) as string });
    const { phase, calls, effects } = fixture("tickets", "two");
    expect(phase).toBe("plan");
    expect(calls.map(({ tool, class: said, args }) => [tool, said, args])).toEqual([["find_tickets", "read", { label: "r1" }], ["find_tickets", "read", { label: "r2" }], ["list_requests", "read", {}]]);
    expect(effects.map(({ label, args }) => [label, args])).toEqual([["ticket r1", { label: "r1", title: "Printer is on fire" }], ["ticket r2", { label: "r2", title: "No coffee" }]]);
    expect(desk.writes()).toEqual([]);
    expect((await desk.json("runs")).document.result.runs).toEqual([]);
  });

  test("names the next step: a test where there is none yet, running it where there is one", async () => {
    expect((await desk.run("record", "tickets")).out).toMatch(/Next: write workflows\/tickets\.test\.ts, then: offstage test tickets\n$/);
    desk.write("workflows/tickets.first.test.ts", "");
    expect((await desk.run("record", "tickets", "--project", desk.folder)).out).toContain(`as it was recorded. Next: offstage test tickets --project ${desk.folder}\n`);
  });

  test("recorded again, an unchanged world gives the same file but for the instant, and keeps its inputs", async () => {
    await desk.run("record", "announce", "--case", "hello", "--input", "greeting=Hello");
    const before = desk.read("fixtures/announce/hello.json");
    expect((await desk.run("record", "announce", "--case", "hello")).code).toBe(0);
    const withoutNow = (text: string): string => text.replace(/"now": "[^"]+"/, "");
    expect(withoutNow(desk.read("fixtures/announce/hello.json"))).toBe(withoutNow(before));
    expect(before).toContain("Hello: Printer is on fire");
  });

  test("--live records a real run, the writes' answers too, and what a second run would read", async () => {
    expect(await desk.run("record", "tickets", "--case", "live", "--live")).toMatchObject({ code: 0, out: expect.stringContaining("It replays offline") as string });
    const { phase, calls, effects } = fixture("tickets", "live");
    expect([phase, effects]).toEqual(["run", []]);
    expect(calls.map(({ tool, class: said }) => `${tool} ${said}`)).toEqual(["find_tickets read", "find_tickets read", "get_ticket read", "get_ticket read", "list_requests read", "open_ticket write", "open_ticket write"]);
    expect(desk.writes()).toHaveLength(2);
  });

  test("--live of a run that waits says that what comes after is not recorded", async () => {
    desk.write("workflows/waits.ts", 'import { sleep, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "waits", on: [] }, async () => {\n  await sleep("1d");\n  return await desk.list_requests({});\n});\n');
    const end = await desk.run("record", "waits", "--live");
    expect(end).toMatchObject({ code: 1, out: expect.stringContaining("The run waits, and what it is told when it goes on is not recorded.") as string });
    expect(end.out).not.toContain("earlier writes");
  });

  test("--live over a store that knows earlier writes says that it does not replay, and keeps the recording", async () => {
    await desk.run("run", "tickets");
    const end = await desk.run("record", "tickets", "--case", "later", "--live");
    expect(end).toMatchObject({ code: 1, out: expect.stringContaining("It does not replay as it was recorded:\n  Nothing is recorded for this call of desk.find_tickets") as string });
    expect(fixture("tickets", "later").phase).toBe("run");
  });

  test("masks what offstage.yaml says, and tells when a mask changes what the workflow asks for", async () => {
    desk.write("offstage.yaml", `${SETTINGS}fixtures:\n  mask:\n    - { path: "requests[].id" }\n`);
    // Two letters are too few to be looked for in arguments.
    expect(await desk.run("record", "tickets", "--case", "masked")).toMatchObject({ code: 1, out: expect.stringMatching(/does not replay[^]*- label: "r1"\n {6}\+ label: "id-1"[^]*fixtures\.mask/) as string });
    desk.write("offstage.yaml", `${SETTINGS}fixtures:\n  mask:\n    - { path: "requests[].title" }\n`);
    expect((await desk.run("record", "tickets", "--case", "masked")).code).toBe(0);
    expect(desk.read("fixtures/tickets/masked.json")).not.toMatch(/Printer|coffee/);
    expect(fixture("tickets", "masked").effects.map(({ args }) => args)).toEqual([{ label: "r1", title: "title-1" }, { label: "r2", title: "title-2" }]);
  });

  test("no secret reaches a fixture, in whatever form a server gives it back", async () => {
    const secret = 'canary "of the" desk';
    const config = desk.read("mcp.json");
    desk.write("token", secret);
    const { mcpServers } = JSON.parse(config) as { mcpServers: { desk: { env: object } } };
    desk.write("mcp.json", JSON.stringify({ mcpServers: { desk: { ...mcpServers.desk, env: { DESK_SITE: "desk.example", DESK_TOKEN: "${file:token}" } } } }));
    const forms = [secret, JSON.stringify(secret), Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
    desk.change({ requests: forms.map((form, index) => ({ id: `r${index}`, title: `says ${form}` })) });
    expect((await desk.run("record", "tickets", "--case", "canary", "--live")).code).toBe(0);
    desk.write("mcp.json", config);
    const text = desk.read("fixtures/tickets/canary.json");
    for (const form of [...forms, JSON.stringify(JSON.stringify(secret)).slice(1, -1)]) expect(text).not.toContain(form);
    expect(text.match(/\[redacted token\]/gi)?.length).toBeGreaterThanOrEqual(8);
  });

  test("a workflow that does not check, a bad case and a bad mask are told before anything is recorded", async () => {
    expect(await desk.run("record", "nope")).toMatchObject({ code: 2, err: expect.stringContaining("WORKFLOW_NOT_FOUND") as string });
    expect(await desk.run("record", "tickets", "--case", "../../x")).toMatchObject({ code: 2, err: expect.stringContaining('"../../x" is no name of a case') as string });
    desk.write("offstage.yaml", `${SETTINGS}fixtures:\n  mask:\n    - { path: "a..b" }\n    - { text: "(", with: "" }\n`);
    expect(await desk.run("record", "tickets")).toMatchObject({ code: 2, err: expect.stringMatching(/offstage\.yaml:4:\d+ error CONFIG_INVALID[^]*offstage\.yaml:5:\d+ error CONFIG_INVALID/) as string });
  });
});
