import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
beforeEach(() => {
  desk.reset({ requests: [{ id: "r1", title: "First" }] });
  desk.write("offstage.yaml", SETTINGS);
});
afterAll(() => desk.remove());

const store = (suffix = ""): string => join(desk.folder, `.offstage/store.db${suffix}`);

test.each([
  ["was restored from a backup", () => copyFileSync(store(".backup"), store())],
  ["was deleted", () => rmSync(store())],
])("a store that %s repeats no write: what it does not know waits for a person", async (_what, lose) => {
  desk.change({ requests: [] });
  await desk.run("run", "announce");
  copyFileSync(store(), store(".backup"));
  desk.change({ requests: [{ id: "r1", title: "First" }] });
  expect((await desk.run("run", "announce")).code).toBe(0);
  expect(desk.writes()).toHaveLength(1);
  lose();
  const again = await desk.run("run", "announce");
  expect(again.code).toBe(4);
  expect(again.out).toContain("once say:r1: awaits approval: the store was restored from a backup, or is new where there was another");
  expect(desk.writes()).toHaveLength(1);
});

test("what offstage backup made is told to be one when it is restored, also where no mark tells of it", async () => {
  desk.change({ requests: [] });
  await desk.run("run", "announce");
  const copy = join(desk.folder, "copy.db");
  rmSync(copy, { force: true });
  expect(await desk.json("backup", "copy.db")).toMatchObject({ code: 0, document: { result: { file: copy } } });
  expect((await desk.run("backup", "copy.db")).err).toMatch(/^error USAGE: There is a file at/);
  desk.write(".offstage/store.db.moved", "postgresql://elsewhere");
  expect((await desk.run("backup", "other.db")).err).toMatch(/^error STORE_MOVED: The store \S+store\.db was moved to another database/);
  rmSync(join(desk.folder, ".offstage/store.db.moved"));
  desk.change({ requests: [{ id: "r1", title: "First" }] });
  await desk.run("run", "announce");
  for (const suffix of ["-wal", "-shm", ".mark"]) rmSync(store(suffix), { force: true });
  copyFileSync(copy, store());
  const again = await desk.run("run", "announce");
  expect(again.code).toBe(4);
  expect(again.out).toContain("once say:r1: awaits approval: the store was restored from a backup");
  expect(desk.writes()).toHaveLength(1);
});

test("a person who has looked ends the doubt of a restore, for all writes at once", async () => {
  desk.change({ requests: [] });
  await desk.run("run", "announce");
  copyFileSync(store(), store(".backup"));
  expect((await desk.run("resolve", "--nothing-lost")).err).toContain("Nothing is in doubt");
  await desk.run("run", "announce");
  copyFileSync(store(".backup"), store());
  desk.change({ requests: [{ id: "r1", title: "First" }] });
  expect((await desk.run("run", "announce")).code).toBe(4);
  expect((await desk.run("resolve", "--nothing-lost", "--by", "ana")).code).toBe(0);
  expect((await desk.run("run", "announce")).code).toBe(0);
  expect(desk.writes()).toHaveLength(1);
});
