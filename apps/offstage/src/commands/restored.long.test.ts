import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()), 60_000);
afterAll(() => desk.remove());

const store = (suffix = ""): string => join(desk.folder, `.offstage/store.db${suffix}`);

test("a person who has looked ends the doubt of a restore, until the next one, and is shown the way by every command", async () => {
  desk.change({ requests: [] });
  await desk.run("run", "announce");
  copyFileSync(store(), store(".backup"));
  expect((await desk.run("resolve", "--nothing-lost")).err).toContain("Nothing is in doubt");
  copyFileSync(store(".backup"), store());
  await desk.run("run", "announce");
  copyFileSync(store(".backup"), store());
  desk.change({ requests: [{ id: "r1", title: "First" }] });
  expect((await desk.run("run", "announce")).code).toBe(4);
  for (const command of ["plan", "run"]) expect((await desk.run(command, "announce", "--project", desk.folder)).out).toContain(`is not known (\`offstage resolve --project ${desk.folder}\`)`);
  const listed = await desk.run("resolve", "--project", desk.folder);
  expect(listed.code).toBe(4);
  expect(listed.out).toContain(`says: offstage resolve --nothing-lost --project ${desk.folder}\n`);
  expect((await desk.run("resolve", "--nothing-lost", "--by", "ana")).code).toBe(0);
  expect((await desk.run("resolve")).code).toBe(0);
  expect((await desk.run("run", "announce")).code).toBe(0);
  expect(desk.writes()).toHaveLength(1);
  copyFileSync(store(".backup"), store());
  expect((await desk.run("run", "announce")).code).toBe(4);
  expect(desk.writes()).toHaveLength(1);
});
