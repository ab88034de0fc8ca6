import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { createDeskProject } from "../testing/desk-project.ts";

test("a store that another language's runtime made can be looked at by every command, and none drives it", async () => {
  const desk = await createDeskProject();
  desk.reset({ requests: [{ id: "r1", title: "First" }] });
  expect((await desk.run("run", "announce")).code).toBe(0);
  const database = new Sqlite(join(desk.folder, ".offstage/store.db"));
  database.exec("INSERT INTO meta (name, meta_value) VALUES ('language', '\"python\"')");
  database.close();
  const { document } = await desk.json("runs");
  const [run] = document.result.runs;
  expect(document.result.runs).toHaveLength(1);
  expect((await desk.run("show", run?.id ?? "")).out).toContain("announce");
  desk.change({ requests: [{ id: "r2", title: "Second" }] });
  for (const command of [["run", "announce"], ["plan", "announce"], ["pause", "announce"]]) {
    const { code, err } = await desk.run(...command);
    expect([command, code, err]).toEqual([command, expect.any(Number), expect.stringMatching(/^error STORE_FOREIGN: The store \S+ was made by Offstage in another language \(python\)/)]);
    expect(code).not.toBe(0);
  }
  expect(desk.writes()).toHaveLength(1);
  desk.remove();
}, 60_000);
