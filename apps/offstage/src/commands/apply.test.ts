import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HAS_TERMINAL, runAtTerminal } from "../testing/at-terminal.ts";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

// plan, apply, run, runs and show over a real server with a memory; every command line runs as a person's would.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("offstage.yaml", SETTINGS);
});
afterAll(() => desk.remove());

const OPENED = ['open_ticket {"label":"r1","title":"Printer is on fire"}', 'open_ticket {"label":"r2","title":"Quote \\" and \\\\ and ${x} \\u001b[2J"}'];

describe("plan", () => {
  test("shows what it would write, writes nothing, and ends with 0, or 3 when that is asked for", async () => {
    const planned = await desk.run("plan", "tickets");
    expect(planned.code).toBe(0);
    expect(planned.out).toContain(' +! ticket r1  desk.open_ticket on desk.example\n        label = "r1"\n        title = "Printer is on fire"\n');
    expect(planned.out).toContain("Plan: 2 to create, 0 to adopt, 0 to update, 0 to release; 0 already done.");
    expect(planned.out).toMatch(/To perform exactly this: offstage apply \S+\n$/);
    // What a server says does not steer the terminal.
    expect(planned.out).not.toContain("\u001b");
    expect((await desk.run("plan", "tickets", "--detailed-exitcode")).code).toBe(3);
    expect(desk.writes()).toEqual([]);
  });

  test("--json gives the whole plan in the envelope", async () => {
    const { code, document } = await desk.json("plan", "tickets");
    expect(code).toBe(0);
    expect(document).toMatchObject({ version: 1, command: "plan", ok: true, result: { failures: [], ambiguous: [], plan: { version: 1, workflow: "tickets", unchanged: 0 } } });
    expect(document.result.plan.effects.map((effect) => [effect.sign, effect.args])).toEqual([
      ["+", { value: { label: "r1", title: "Printer is on fire" }, unknown: [] }],
      ["+", { value: { label: "r2", title: 'Quote " and \\ and ${x} \u001b[2J' }, unknown: [] }],
    ]);
  });

  test("says that nothing is to be done, and then ends with 0 even when changes are asked for", async () => {
    await desk.run("run", "tickets");
    expect(await desk.run("plan", "tickets", "--detailed-exitcode")).toMatchObject({ code: 0, out: "No changes. 2 already as they should be.\n" });
  });

  test("ends with 1 when something failed, whatever else it shows; what it shows is kept and can be applied", async () => {
    const guarded = (which: string): string => desk.read("workflows/tickets.ts").replace('name: "tickets"', 'name: "guarded"').replace("import { each", "import { fail, each").replace("    const kept", `    if (${which}) fail(\`\${request.id} is not for tickets\`);\n    const kept`);
    desk.write("workflows/guarded.ts", guarded("true"));
    for (const more of [[], ["--detailed-exitcode"]]) {
      expect(await desk.run("plan", "guarded", ...more)).toMatchObject({ code: 1, out: expect.stringMatching(/^Nothing can be planned for what is told below[^]*Failed while planning:[^]*r2 is not for tickets\n$/) as string });
    }
    desk.write("workflows/guarded.ts", guarded('request.id === "r2"'));
    const planned = await desk.json("plan", "guarded", "--detailed-exitcode");
    expect(planned).toMatchObject({ code: 1, document: { ok: true, result: { plan: { effects: [{ label: "ticket r1" }] }, failures: [{ error: { message: "r2 is not for tickets" } }] } } });
    expect((await desk.run("drift", "guarded", "--detailed-exitcode")).code).toBe(1);
    expect(await desk.run("apply", planned.document.result.plan.id)).toMatchObject({ code: 1, out: expect.stringContaining("1 write") as string });
    expect(desk.writes()).toEqual(OPENED.slice(0, 1));
  });

  test("shows an update when the request was retitled, and an adoption when somebody made the ticket", async () => {
    await desk.run("run", "tickets");
    desk.change({ requests: [{ id: "r1", title: "Printer is cold" }, { id: "r3", title: "New" }], tickets: [...desk.state().tickets, { key: "X-9", label: "r3", title: "New" }] });
    const planned = await desk.run("plan", "tickets");
    expect(planned.out).toContain("  ~ ticket r1  desk.change_ticket");
    expect(planned.out).toContain("  = ticket r3  desk (no call)");
    expect(planned.out).toContain("Plan: 0 to create, 1 to adopt, 1 to update");
  });
});

describe("apply", () => {
  test("a plan's file performs exactly the plan; again, it is applied already", async () => {
    const file = join(desk.folder, "plan.json");
    expect((await desk.run("plan", "tickets", "--out", file)).out).toContain(`To perform exactly this: offstage apply ${file}`);
    // What comes after the plan is not in it.
    desk.change({ requests: [...desk.state().requests, { id: "r3", title: "Later" }] });
    const applied = await desk.json("apply", file);
    expect(applied.code).toBe(0);
    expect(applied.document.result).toMatchObject({ run: { id: (JSON.parse(readFileSync(file, "utf8")) as { id: string }).id, phase: "apply", status: "succeeded", output: { keys: ["D-1", "D-2"] }, counts: { writes: 2 } }, effects: [{ status: "done" }, { status: "done" }] });
    expect(desk.writes()).toEqual(OPENED);
    const again = await desk.run("apply", file);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/^error PLAN_APPLIED: .* succeeded\.\nhint: See `offstage show /);
    expect(desk.writes()).toEqual(OPENED);
  });

  test("PLAN_VOID for a plan's file that somebody changed: nothing is written, by what it says or by what the store has", async () => {
    const file = join(desk.folder, "plan.json");
    await desk.run("plan", "tickets", "--out", file);
    const plan = JSON.parse(readFileSync(file, "utf8")) as { id: string; effects: { args: { value: unknown } }[] };
    for (const changed of [{ ...plan, effects: plan.effects.slice(1) }, { ...plan, effects: plan.effects.map((effect) => ({ ...effect, args: { unknown: [], value: { label: "r1", title: "Other" } } })) }]) {
      desk.write("plan.json", JSON.stringify(changed));
      expect(await desk.run("apply", file)).toMatchObject({ code: 1, err: expect.stringMatching(/^error PLAN_VOID: .*the file was changed\.\nhint: /) as string });
    }
    expect(desk.writes()).toEqual([]);
    desk.write("plan.json", JSON.stringify(plan));
    for (const given of [file, plan.id]) expect(await desk.run("apply", given, "--ask")).toMatchObject({ code: 2, err: expect.stringContaining("nobody to ask") as string });
    expect(await desk.run("apply", file, "--ask", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("opposite") as string });
    expect(desk.writes()).toEqual([]);
    // Its layout is nobody's business.
    desk.write("plan.json", JSON.stringify(plan));
    expect((await desk.run("apply", file)).code).toBe(0);
    expect(desk.writes()).toEqual(OPENED);
  });

  test("a plan's id does the same", async () => {
    const { document } = await desk.json("plan", "tickets");
    const applied = await desk.run("apply", document.result.plan.id);
    expect(applied).toMatchObject({ code: 0, out: expect.stringContaining("  ✓ ticket r1 create  desk.open_ticket  D-1\n") as string });
    expect(desk.writes()).toEqual(OPENED);
  });

  test("a workflow is planned first; without --yes and without a terminal nobody can be asked, and nothing is written", async () => {
    const refused = await desk.json("apply", "tickets");
    expect(refused.code).toBe(2);
    expect(refused.document).toMatchObject({ ok: false, error: { code: "USAGE", hint: expect.stringContaining("--yes") as string } });
    expect(desk.writes()).toEqual([]);
    // The plan that nobody was asked about is kept, as the hint says.
    const id = /offstage apply (\S+)$/.exec(refused.document.error?.hint ?? "")?.[1] ?? "";
    expect((await desk.run("apply", id)).code).toBe(0);
    expect(desk.writes()).toEqual(OPENED);
  });

  test("a workflow with --yes is planned and applied; when nothing is to be done, nobody has to say yes", async () => {
    expect(await desk.run("apply", "tickets", "--yes")).toMatchObject({ code: 0, out: expect.stringMatching(/Run \S+ succeeded in .*: 2 writes\.\nOutput: \{"keys":\["D-1","D-2"\]\}\n$/) as string });
    expect((await desk.run("apply", "tickets")).code).toBe(0);
    expect(desk.writes()).toEqual(OPENED);
  });

  test.skipIf(!HAS_TERMINAL)("who is asked sees all that they say yes to, however narrow their terminal is", async () => {
    desk.change({ requests: [{ id: "r1", title: `${"Pay the invoice. ".repeat(10)}To ACME.` }] });
    expect(await runAtTerminal(desk.folder, ["apply", "tickets"], "no")).toMatchObject({ code: 3, seen: expect.stringContaining("To ACME.") as string });
    expect(desk.writes()).toEqual([]);
  }, 60_000);

  test("--without takes a write out of a plan for good, and names what there is where it is none", async () => {
    const { id } = (await desk.json("plan", "tickets")).document.result.plan;
    expect(await desk.run("apply", id, "--without", "ticket r9")).toMatchObject({ code: 2, err: expect.stringContaining("It has: ticket r1, ticket r2") as string });
    expect(desk.writes()).toEqual([]);
    expect(await desk.run("apply", id, "--without", "ticket r1")).toMatchObject({ code: 4, out: expect.stringContaining("ticket r1: not in plan") as string });
    expect(desk.writes()).toEqual([OPENED[1]]);
    expect(await desk.run("apply", id, "--without", "ticket r2")).toMatchObject({ code: 1, err: expect.stringContaining("PLAN_APPLIED") as string });
  });

  test("holds what is found when it comes to write, ends with 4, and writes the rest", async () => {
    const { document } = await desk.json("plan", "tickets");
    desk.change({ tickets: [{ key: "X-1", label: "r1", title: "Made by hand" }] });
    const applied = await desk.run("apply", document.result.plan.id);
    expect(applied.code).toBe(4);
    expect(applied.out).toMatch(/Held:\n {2}[0-9a-f]{12} {2}ticket r1: not in plan: the plan does not have it\nWhat is not in the plan waits for no person: `offstage plan tickets` shows it for another apply, `offstage run tickets` makes it as far as the policy lets it\.\n$/);
    expect(applied.out).toContain('\nOutput, as if what is held had been made: {"keys":["X-1","D-2"]}');
    expect(desk.writes()).toEqual([OPENED[1]]);
    // Nobody is asked about it, and who looks for it by its effect is told what goes on.
    const [, effect = ""] = /([0-9a-f]{12}) {2}ticket r1: /.exec(applied.out) ?? [];
    expect(await desk.run("approve")).toMatchObject({ code: 0, out: "Nothing waits for a person.\n" });
    expect(await desk.json("approve", effect)).toMatchObject({ code: 2, document: { error: { code: "REQUEST_UNKNOWN", message: expect.stringContaining("ticket r1 waits for no person") as string, hint: expect.stringContaining("`offstage run tickets`") as string } } });
    const { run, outputAssumes } = (await desk.json("show", document.result.plan.id)).document.result;
    expect(outputAssumes).toEqual([run.held[0]?.effect]);
  });

  test("PLAN_VOID when the policy or the target changed since; changed back, it is applied", async () => {
    const { document } = await desk.json("plan", "tickets");
    const id = document.result.plan.id;
    desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: deny, tool: say }] }\n`);
    expect((await desk.run("apply", id)).err).toContain("error PLAN_VOID: Since the plan");
    desk.write("offstage.yaml", SETTINGS);
    const config = desk.read("mcp.json");
    desk.write("mcp.json", config.replace("desk.example", "staging.example"));
    expect((await desk.json("apply", id)).document.error).toMatchObject({ code: "PLAN_VOID", message: expect.stringContaining("the target of desk") as string });
    desk.write("mcp.json", config);
    expect(desk.writes()).toEqual([]);
    expect((await desk.run("apply", id)).code).toBe(0);
  });

  test("says that there is no such file, when a plan's file is not there", async () => {
    expect(await desk.run("apply", "missing.plan.json")).toMatchObject({ code: 2, err: expect.stringMatching(/^error USAGE: There is no file missing\.plan\.json\./) as string });
  });

  test("PLAN_EXPIRED after plan.maxAge", async () => {
    desk.write("offstage.yaml", `${SETTINGS}plan: { maxAge: 1ms }\n`);
    const { document } = await desk.json("plan", "tickets");
    const late = await desk.json("apply", document.result.plan.id);
    expect(late).toMatchObject({ code: 1, document: { error: { code: "PLAN_EXPIRED" } } });
    expect(desk.writes()).toEqual([]);
  });

  test.each([
    ["a file that is no plan", () => "mcp.json", "USAGE: mcp.json is no plan.", 2],
    ["a plan of another store", () => { desk.write("other.json", '{"id":"from-elsewhere","workflow":"tickets"}'); return "other.json"; }, "PLAN_UNKNOWN: The store has no plan from-elsewhere.", 2],
    ["neither a plan nor a workflow", () => "no-such", "WORKFLOW_NOT_FOUND: There is no workflows/no-such.ts.", 2],
  ])("%s is refused", async (_what, name, message, code) => {
    const refused = await desk.run("apply", name());
    expect(refused.err).toContain(`error ${message}`);
    expect(refused.err).toContain("hint: ");
    expect(refused.code).toBe(code);
  });

  test("a plan that cannot be written to its file says so, and is kept", async () => {
    const refused = await desk.run("plan", "tickets", "--out", join(desk.folder, "no/such/folder/plan.json"));
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("error USAGE: The plan cannot be written") as string });
    expect(existsSync(join(desk.folder, "no"))).toBe(false);
  });
});

describe("run", () => {
  test("writes once, and nothing the next time", async () => {
    expect(await desk.run("run", "announce")).toMatchObject({ code: 0, out: expect.stringContaining("  ✓ say:r1  desk.say\n") as string });
    expect((await desk.run("run", "announce")).out).toMatch(/^Run \S+ succeeded in .*: 0 writes, 2 done before\.\nOutput: 2\n$/);
    expect(desk.state().said).toHaveLength(2);
  });

  test("takes inputs, and says what is wrong with one", async () => {
    expect((await desk.run("run", "announce", "--input", "greeting=Hear")).code).toBe(0);
    expect(desk.state().said[0]).toBe("Hear: Printer is on fire");
    expect(await desk.run("run", "announce", "--input", "nonsense=1")).toMatchObject({ code: 2, err: expect.stringContaining("error USAGE") as string });
  });

  test("ends with 1 when items failed, and tells which; the others are written", async () => {
    desk.change({ faults: [{ tool: "open_ticket", how: "refused" }] });
    const partial = await desk.json("run", "tickets");
    expect(partial.code).toBe(1);
    expect(partial.document.result.run).toMatchObject({ status: "partial", failures: [{ step: expect.stringContaining("[r1]") as string, error: { code: "TOOL_FAILED", message: expect.stringContaining("Refused: the title is not allowed.") as string } }] });
    expect(desk.state().tickets.map((ticket) => ticket.label)).toEqual(["r2"]);
    expect((await desk.run("run", "tickets")).code).toBe(0);
    expect(desk.state().tickets.map((ticket) => ticket.label)).toEqual(["r2", "r1"]);
  });

  test("LIMIT_WRITES ends it, and the next run goes on", async () => {
    desk.change({ requests: Array.from({ length: 21 }, (_, index) => ({ id: `n${index}`, title: "x" })) });
    expect((await desk.json("run", "announce")).document.result.run).toMatchObject({ status: "failed", error: { code: "LIMIT_WRITES" }, counts: { writes: 20 } });
    expect((await desk.run("run", "announce")).code).toBe(0);
    expect(desk.state().said).toHaveLength(21);
  });
});

describe("runs and show", () => {
  test("tell of runs, the newest first, and the story of one", async () => {
    expect((await desk.run("runs")).out).toBe("No runs yet.\n");
    await desk.run("run", "tickets");
    await desk.run("run", "announce");
    const { result } = (await desk.json("runs")).document;
    expect(result.runs.map((run) => `${run.workflow} ${run.status}`)).toEqual(["announce succeeded", "tickets succeeded"]);
    expect((await desk.run("runs", "--workflow", "tickets", "--limit", "1")).out.trim().split("\n")).toHaveLength(2);
    const story = await desk.run("show", result.runs[1]?.id ?? "");
    expect(story.code).toBe(0);
    expect(story.out).toMatch(/^Run \S+ of tickets: succeeded\n {2}started {3}called by \S+, /);
    expect(story.out).toContain("  ✓ ticket r1 create  desk.open_ticket  D-1\n");
    // The newest is meant when none is named.
    expect((await desk.run("show")).out).toContain("of announce: succeeded");
  });

  test("RUN_UNKNOWN for a run that is not there, with where to look", async () => {
    expect(await desk.json("show", "no-such")).toMatchObject({ code: 2, document: { version: 1, command: "show", ok: false, error: { code: "RUN_UNKNOWN", hint: "`offstage runs` lists them." } } });
    expect((await desk.run("show")).err).toContain("error RUN_UNKNOWN: There is no run yet.\nhint: Start one: offstage run <workflow>\n");
    expect(await desk.run("runs", "--limit", "none")).toMatchObject({ code: 2 });
    expect((await desk.run("runs", "--workflow", "nope")).out).toBe("No run of a workflow nope.\n");
  });

  test("the beginning of a run's id is enough, and an applied plan began when it was applied", async () => {
    const { plan } = (await desk.json("plan", "announce")).document.result;
    const { run } = (await desk.json("run", "tickets")).document.result;
    expect((await desk.run("apply", plan.id)).code).toBe(0);
    const shown = await desk.run("show", plan.id.slice(0, -1));
    expect(shown.out).toMatch(new RegExp(`^Run ${plan.id} of announce: succeeded\n {2}planned   called by hand`));
    expect((await desk.run("runs")).out.split("\n").slice(1, 3).map((line) => line.split(" ")[0])).toEqual([plan.id, run.id]);
  });
});
