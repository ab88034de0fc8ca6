import { expect, test } from "vitest";
import { createLogSync, type SyncedFile } from "./log-sync.ts";

/** A file whose syncs end when they are told to. */
function heldFile(): { readonly file: SyncedFile; readonly syncs: { readonly end: () => void; readonly fail: () => void }[] } {
  const syncs: { readonly end: () => void; readonly fail: () => void }[] = [];
  return {
    syncs,
    file: { close: async () => undefined, datasync: () => new Promise((resolve, reject) => { syncs.push({ end: () => resolve(), fail: () => reject(new Error("EIO: i/o error")) }); }) },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

test("one wait serves all that were committed before it began; whoever comes meanwhile waits for one that begins after that", async () => {
  const { file, syncs } = heldFile();
  const log = createLogSync("s.db", async () => file);
  expect(log.isOpen()).toBe(false);
  await log.open();
  const durable: string[] = [];
  const wait = (name: string): void => void log.wait().then(() => durable.push(name));
  wait("a");
  wait("b");
  wait("c");
  await turn();
  expect(syncs).toHaveLength(1);
  syncs[0]?.end();
  await turn();
  expect([durable, syncs.length]).toEqual([["a"], 2]);
  wait("d");
  syncs[1]?.end();
  await turn();
  expect([durable, syncs.length]).toEqual([["a", "b", "c"], 3]);
  syncs[2]?.end();
  await turn();
  expect(durable).toEqual(["a", "b", "c", "d"]);
});

test("a disk that failed once is not believed again: everything that waits is told, and what comes later", async () => {
  const { file, syncs } = heldFile();
  const log = createLogSync("s.db", async () => file);
  await log.open();
  const waits = [log.wait(), log.wait()].map((one) => one.catch((error: unknown) => error));
  await turn();
  syncs[0]?.fail();
  expect(await Promise.all(waits)).toEqual([expect.objectContaining({ code: "STORE_UNAVAILABLE" }), expect.objectContaining({ code: "STORE_UNAVAILABLE" })]);
  await expect(log.wait()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("EIO") as string });
  expect(syncs).toHaveLength(1);
  await log.close();
});

test("where the log cannot be opened the COMMIT goes on waiting itself", async () => {
  const log = createLogSync("/no/such/folder/s.db");
  await log.open();
  expect(log.isOpen()).toBe(false);
  await log.close();
});
