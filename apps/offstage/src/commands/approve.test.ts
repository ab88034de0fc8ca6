import type { ApprovalRequest } from "offstage/model";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

// What waits for a person: approve, deny and resolve over a real server with a memory.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: approve, tool: say }] }\n`);
}, 60_000);
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

async function openRequests(): Promise<readonly ApprovalRequest[]> {
  return (await desk.json("approve")).document.result.requests;
}

describe("approve", () => {
  test("a run whose writes need a person ends with 4; its requests are listed", async () => {
    expect((await desk.run("approve")).out).toBe("Nothing waits for a person.\n");
    const pending = await desk.json("run", "announce");
    expect(pending).toMatchObject({ code: 4, document: { ok: true, result: { run: { status: "pending", held: [{ label: "once say:r1" }, { label: "once say:r2" }] } } } });
    const listed = await desk.run("approve", "--project", desk.folder);
    expect(listed.code).toBe(4);
    expect(listed.out).toContain(`To permit: offstage approve <request> --project ${desk.folder}, or all. To refuse: offstage deny <request> --project ${desk.folder}.\n`);
    expect(listed.out).toMatch(/once say:r1  desk\.say on desk\.example\n +text = "New: Printer is on fire"\n +# announce; rule 1 of the policy \(offstage\.yaml:\d+\) asks for a person, since 2/);
    expect(desk.writes()).toEqual([]);
  });

  test("one request permits exactly that write and continues the run; the other still waits", async () => {
    const { document } = await desk.json("run", "announce");
    const request = (await openRequests()).find(({ label }) => label === "once say:r2");
    const continued = await desk.json("approve", request?.id.slice(0, 13) ?? "", "--by", "ada");
    expect(continued.code).toBe(4);
    expect(continued.document.result.runs).toMatchObject([{ rootRunId: document.result.run.id, status: "pending", held: [{ label: "once say:r1" }] }]);
    expect(desk.state().said).toEqual([expect.stringContaining("Quote")]);
    expect((await openRequests()).map(({ label }) => label)).toEqual(["once say:r1"]);
  });

  test("all permits all; what was granted is used up and said once", async () => {
    await desk.run("run", "announce");
    expect(await desk.run("approve", "all")).toMatchObject({ code: 0, out: expect.stringMatching(/ succeeded in .*: 2 writes\./) as string });
    expect((await desk.run("run", "announce")).code).toBe(0);
    expect(desk.state().said).toHaveLength(2);
    expect(await desk.run("approve", "all")).toMatchObject({ code: 0 });
  });

  test("--later only records the grant; the next run uses it", async () => {
    await desk.run("run", "announce");
    expect(await desk.run("approve", "all", "--later")).toMatchObject({ code: 0, out: expect.stringContaining("Permitted: once say:r") as string });
    expect(desk.writes()).toEqual([]);
    expect((await desk.run("run", "announce")).code).toBe(0);
    expect(desk.state().said).toHaveLength(2);
  });

  test("what was permitted for one site is asked again when the server speaks to another", async () => {
    desk.change({ requests: [{ id: "r1", title: "First" }] });
    await desk.run("run", "announce");
    await desk.run("approve", "all", "--later");
    const [config, permitted] = [desk.read("mcp.json"), "desk.example"];
    desk.write("mcp.json", config.replace(permitted, "elsewhere.example"));
    try {
      expect((await desk.run("run", "announce")).code).toBe(4);
      expect(desk.writes()).toEqual([]);
      expect(await openRequests()).toMatchObject([{ label: "once say:r1", target: "DESK_SITE=elsewhere.example" }]);
    } finally {
      desk.write("mcp.json", config);
    }
    // Nobody shall be shown the one and permit the other.
    expect((await desk.run("run", "announce")).code).toBe(4);
    expect(await openRequests()).toMatchObject([{ label: "once say:r1", target: "DESK_SITE=desk.example" }]);
  });

  test("what was permitted with other arguments is asked again", async () => {
    desk.change({ requests: [{ id: "r1", title: "First" }] });
    await desk.run("run", "announce");
    desk.change({ requests: [{ id: "r1", title: "Second" }] });
    expect((await desk.run("approve", "all")).code).toBe(4);
    expect(desk.writes()).toEqual([]);
    expect((await openRequests()).map(({ args }) => args)).toEqual([{ text: "New: Second" }]);
  });

  test("REQUEST_UNKNOWN for what is not open, with what lists them", async () => {
    expect(await desk.json("approve", "nothing")).toMatchObject({ code: 2, document: { ok: false, error: { code: "REQUEST_UNKNOWN", hint: "`offstage approve` lists them." } } });
    await desk.run("run", "announce");
    const [request] = await openRequests();
    await desk.run("deny", request?.id ?? "");
    expect((await desk.run("deny", request?.id ?? "")).err).toContain("error REQUEST_UNKNOWN");
  });

  test("an empty id names nothing, and all of nothing is nothing", async () => {
    await desk.run("run", "announce");
    expect((await desk.run("approve", "")).err).toContain('error USAGE: "" is too short to name one open request.');
    expect(desk.writes()).toEqual([]);
    await desk.run("deny", "all");
    for (const verb of ["approve", "deny"]) expect(await desk.run(verb, "all")).toMatchObject({ code: 0, out: "Nothing waits for a person.\n" });
  });
});

describe("deny", () => {
  test("holds the write for good: it is not asked again, and the run says that a person denied it", async () => {
    desk.change({ requests: [{ id: "r1", title: "First" }] });
    await desk.run("run", "announce");
    const [request] = await openRequests();
    expect(await desk.run("deny", request?.id ?? "", "--by", "kim", "--why", "not on a Friday")).toMatchObject({ code: 0, out: "Refused: once say:r1.\n" });
    expect((await desk.run("approve")).out).toMatch(/denied by kim at \S+: not on a Friday/);
    const again = await desk.run("run", "announce");
    // Nothing waits for anybody any more.
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/Held:\n.*once say:r1: denied: .* said no\n$/);
    expect((await desk.run("plan", "announce")).out).toContain("said no");
    expect(await openRequests()).toEqual([]);
    expect(desk.writes()).toEqual([]);
    const { out } = await desk.run("approve", "--project", desk.folder);
    expect(out).toMatch(/^Nothing waits for a person\.\n\n.*once say:r1 +desk\.say on desk\.example\n +text = "New: First"\n.*denied by/);
    expect(out).toContain(`it is taken back: offstage approve <request> --project ${desk.folder}.\n`);
    expect((await desk.run("approve", request?.id ?? "")).code).toBe(0);
    expect(desk.writes()).toHaveLength(1);
  });
});

describe("resolve", () => {
  beforeEach(() => desk.write("offstage.yaml", SETTINGS));

  async function loseAWrite(how: "lost" | "die" | "never"): Promise<string> {
    desk.reset({ requests: [{ id: "r1", title: "First" }], faults: [{ tool: "say", how }] });
    const lost = await desk.json("run", "announce");
    expect(lost).toMatchObject({ code: 4, document: { result: { run: { status: "needs-attention", ambiguous: [{ label: "once say:r1" }] } } } });
    return lost.document.result.run.ambiguous[0]?.effect ?? "";
  }

  test.each(["lost", "die", "never"] as const)("a write that went wrong by \"%s\" is said to be unknown, is not made again, and says how to go on", async (how) => {
    const effect = await loseAWrite(how);
    const again = await desk.run("run", "announce", "--project", desk.folder);
    expect(again.code).toBe(4);
    expect(again.out).toContain(`later runs ask again; \`offstage resolve <effect> --project ${desk.folder}\` says what you found out`);
    expect(again.out).toContain(`${effect.slice(0, 12)}  once say:r1`);
    expect(desk.writes()).toHaveLength(1);
    const planned = await desk.run("plan", "announce", "--detailed-exitcode");
    expect(planned.code).toBe(4);
    expect(planned.out).toMatch(/^Nothing can be planned for what is told below[^]*Blocked/);
    const listed = await desk.run("resolve");
    expect(listed.code).toBe(4);
    expect(listed.out).toMatch(new RegExp(`${effect.slice(0, 12)} +say:r1 +desk\\.say +ambiguous`));
  });

  test("--happened lets later runs go on without it", async () => {
    const effect = await loseAWrite("lost");
    expect(await desk.run("resolve", effect.slice(0, 12), "--happened", "--result", '{"ok":true}', "--by", "ada")).toMatchObject({ code: 0, out: "say:r1 is now done. The next run goes on from there.\n" });
    expect(await desk.run("run", "announce")).toMatchObject({ code: 0 });
    expect(desk.writes()).toHaveLength(1);
    expect((await desk.run("resolve")).out).toContain("Nothing is open");
  });

  test("--did-not-happen lets the next run make it", async () => {
    const effect = await loseAWrite("lost");
    expect((await desk.json("resolve", effect, "--did-not-happen")).document.result).toEqual({ effect, status: "failed" });
    expect((await desk.run("run", "announce")).code).toBe(0);
    expect(desk.writes()).toHaveLength(2);
  });

  test("a result that could not be read is told by a person too", async () => {
    desk.reset({ requests: [{ id: "r1", title: "First" }], faults: [{ tool: "say", how: "garbled" }] });
    expect(await desk.run("run", "announce")).toMatchObject({ code: 1, out: expect.stringContaining("RESULT_UNREADABLE") as string });
    const listed = await desk.run("resolve");
    expect(listed).toMatchObject({ code: 4, out: expect.stringMatching(/say:r1 +desk\.say +done, unread/) as string });
    expect((await desk.run("run", "announce")).code).toBe(1);
    const effect = /^[0-9a-f]{12}/m.exec(listed.out)?.[0] ?? "";
    expect((await desk.run("resolve", effect, "--happened", "--result", '{"ok":true}')).code).toBe(0);
    expect((await desk.run("run", "announce")).code).toBe(0);
    expect(desk.writes()).toHaveLength(1);
  });

  test.each([
    [["0000"], "USAGE: Say what happened."],
    [["0000", "--happened", "--did-not-happen"], "USAGE: Say what happened."],
    [["0000", "--happened"], "EFFECT_UNKNOWN: No open effect begins with 0000."],
  ])("%j is refused, and says why", async (argv, message) => {
    const refused = await desk.run("resolve", ...argv);
    expect(refused.err).toContain(`error ${message}`);
    expect(refused.err).toContain("hint: ");
  });

  test("a result that is no JSON is refused, and nothing is settled", async () => {
    const effect = await loseAWrite("lost");
    expect(await desk.run("resolve", effect, "--happened", "--result", "{")).toMatchObject({ code: 2, err: expect.stringMatching(/^error USAGE: --result: This is not JSON: .*\nhint: /) as string });
    expect((await desk.run("resolve")).code).toBe(4);
  });
});
