import { copyFile, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../state/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleLease, sampleRun } from "../../testing/store-samples.ts";
import { openSqliteStore } from "./index.ts";

let folder: string;
let file: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offstage-same-"));
  file = join(folder, "store.db");
  store = await openSqliteStore({ file, clock: createFakeClock() });
  await store.transact({ durable: true }, (tx) => tx.putLease(sampleLease(1)));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const write = (): Promise<unknown> => store.transact({ durable: true, fence: 1 }, (tx) => tx.putRun(sampleRun()));
const look = (): Promise<unknown> => store.transact({ durable: false, reads: true, fence: 1 }, async () => undefined);

test("under the lease, a store that was deleted refuses: what it would keep nobody could read", async () => {
  await write();
  await rm(file);
  await expect(write()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("deleted or replaced") as string });
  await expect(look()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("so does one that another file took the place of; put back, it goes on", async () => {
  await rename(file, `${file}.old`);
  await copyFile(`${file}.old`, file);
  await expect(look()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await rename(`${file}.old`, file);
  await look();
  await write();
});
