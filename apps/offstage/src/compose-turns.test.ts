import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPacedProject, type PacedProject } from "./testing/paced-project.ts";

// Calls by hand are under the rates of the project's store, where it has one.

let paced: PacedProject;
beforeAll(async () => {
  paced = await createPacedProject("servers: { near: { rate: { perSecond: 2 } } }\n", 1);
}, 60_000);
afterAll(() => paced.close());

const starts = async (server: string): Promise<number> => Object.values((await paced.lane(server))?.windows ?? {}).flatMap((window) => window.starts).length;

test("a call with a rate takes a turn in a store that is there, and makes none; one that cannot be opened keeps nobody from calling, and that is said", async () => {
  const store = join(paced.folder, ".offstage/store.db");
  expect(await paced.run("call", "near.tick")).toMatchObject({ code: 0, out: expect.stringContaining("tock") as string });
  expect(existsSync(store)).toBe(false);
  await paced.run("runs");
  expect((await paced.run("call", "near.tick")).code).toBe(0);
  expect(await starts("near")).toBe(1);
  paced.write(".offstage/store.db", "no store at all, and longer than a header of one would be: ".repeat(100));
  const { code, err } = await paced.run("call", "near.tick");
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^The rates of calls are not shared with other processes: /m) as string });
});
