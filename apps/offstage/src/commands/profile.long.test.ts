import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

test("profile drafts one that checks, takes nothing for a read that nobody vouches for, and overwrites nothing", async () => {
  const own = desk.read("profiles/desk.ts");
  expect(await desk.run("profile", "desk")).toMatchObject({ code: 2, err: expect.stringContaining("USAGE: profiles/desk.ts is there already, and is left as it is") as string });
  expect(await desk.run("profile", "desk", "--project", desk.folder)).toMatchObject({ code: 2, err: expect.stringContaining(`USAGE: ${desk.folder}/profiles/desk.ts is there`) as string });
  expect(desk.read("profiles/desk.ts")).toBe(own);

  const printed = await desk.run("profile", "desk", "--out", "-");
  expect(printed.out).toContain('  find_tickets: [\n    // TODO: by its name it reads, and nobody says so. When you know: effect: "read".\n    { effect: "write" },\n');
  desk.write("profiles/desk.ts", printed.out);
  const checked = await desk.json("check", "announce");
  expect(checked.document.result).toMatchObject([{ name: "announce", diagnostics: expect.not.arrayContaining([expect.objectContaining({ file: "profiles/desk.ts" })]) as unknown }, { file: "profiles/desk.ts", diagnostics: [{ code: "PROFILE_UNSETTLED", message: "3 TODOs are open: settle them in the profile, then `offstage lock`." }] }]);

  desk.write("profiles/desk.ts", own);
  const file = `${desk.folder}/drafts/desk.ts`;
  expect(await desk.run("profile", "desk", "--out", file)).toMatchObject({ code: 0, out: expect.stringContaining(`Drafted ${file}: 6 tools.\n`) as string });
  expect(await desk.run("profile", "desk", "--out", "./drafts/../drafts/desk.ts")).toMatchObject({ err: expect.stringContaining("USAGE: ./drafts/../drafts/desk.ts is there") as string });
  expect(desk.read("drafts/desk.ts")).toBe(printed.out);
  expect((await desk.run("profile", "desk", "--out", file)).code).toBe(2);
});

test("a server that mcp.json does not have is told as that, with those that it has; one that is not locked, with what locks it", async () => {
  expect(await desk.run("profile", "nobody")).toMatchObject({ code: 2, err: expect.stringMatching(/SERVER_UNKNOWN: mcp\.json has no server called nobody\.\nhint: It has: desk\./) as string });
  const own = desk.read("mcp.json");
  desk.write("mcp.json", JSON.stringify({ mcpServers: { ...(JSON.parse(own) as { readonly mcpServers: object }).mcpServers, later: { command: "false", env: { KEY: "${env:NOT_THERE}" } } } }));
  expect(await desk.run("profile", "later")).toMatchObject({ code: 1, err: expect.stringContaining("NOT_LOCKED") as string });
  desk.write("mcp.json", own);
});

test("reads that rest on the server's word alone are counted, so that nobody locks them unseen", async () => {
  desk.reset({ hinted: ["list_requests", "get_ticket"] });
  expect((await desk.run("lock", "--accept", "desk")).code).toBe(0);
  expect((await desk.run("profile", "desk", "--out", "./hinted.ts")).out.replaceAll("\n", " ")).toContain("2 of them are reads only because the server calls them so: as the draft stands, a lock takes its word for that.");
  desk.write("profiles/desk.ts", desk.read("hinted.ts"));
  expect((await desk.run("lock", "--check")).out.replaceAll("\n", " ")).toContain("profiles/desk.ts: 2 reads rest on the server's word alone, 1 other TODO is open: settle them in the profile, then `offstage lock`.");
});
