import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()), 60_000);
afterAll(() => desk.remove());

test("record --live of a run that another process drives keeps nothing, and says that the run was made", async () => {
  desk.write("offstage.yaml", SETTINGS.replace("1s", "5s"));
  desk.change({ faults: [{ tool: "say", how: "never" }] });
  const other = startCommand(desk.folder, ["run", "announce"]);
  await vi.waitFor(() => expect(readFileSync(join(desk.folder, "desk.json.calls"), "utf8")).toContain("say"), 20_000);
  const end = await desk.run("record", "tickets", "--case", "elsewhere", "--live");
  await other.ended;
  expect(end).toMatchObject({ code: 1, err: expect.stringMatching(/error STORE_LOCKED: Another process drove run \S+: [^]*hint: .*offstage show/) as string });
  expect(existsSync(join(desk.folder, "fixtures/tickets/elsewhere.json"))).toBe(false);
  expect(desk.writes().filter((write) => write.startsWith("open_ticket"))).toHaveLength(2);
}, 60_000);
