import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isOffstageError } from "../../base/index.ts";
import type { Store, StoreTx } from "../../state/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { numberedEntry, numberedRow } from "../../testing/numbered-rows.ts";
import { sampleBinding, sampleRun } from "../../testing/store-samples.ts";
import { openSqliteStore } from "./index.ts";

const ROWS = 20;
const FLIPS = 300;

describe("a damaged file", () => {
  let folder = "";
  let file = "";
  let whole: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "offstage-damage-"));
    file = join(folder, "store.db");
    const store = await open();
    await store.transact({ durable: true }, async (tx) => {
      for (let number = 0; number < ROWS; number++) {
        await tx.putEffect(numberedEntry(number), null);
        await tx.appendJournal("run-1", [numberedRow(number)]);
        await tx.putBinding(sampleBinding(`k${number}`));
      }
      await tx.putRun(sampleRun());
    });
    await store.close();
    whole = await readFile(file);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const open = (): Promise<Store> => openSqliteStore({ file, clock: createFakeClock(), lockTimeoutMs: 0 });

  /** What becomes of opening, reading all and writing: "fine", or what was thrown. */
  const use = async (content: Uint8Array): Promise<unknown> => {
    await Promise.all([rm(`${file}-wal`, { force: true }), rm(`${file}-shm`, { force: true }), writeFile(file, content)]);
    let store: Store | null = null;
    try {
      store = await open();
      await store.transact({ durable: false }, readAndWrite);
      return "fine";
    } catch (error) {
      return isOffstageError(error) ? error.code : error;
    } finally {
      await store?.close();
    }
  };

  test("is told when whole", async () => {
    expect(await use(whole)).toBe("fine");
  });

  test.each([0.2, 0.5, 0.9, 0.999])("that was cut off at %d of its length is STORE_CORRUPT, and stays as it is", async (share) => {
    const cut = whole.subarray(0, Math.floor(whole.length * share));
    expect(await use(cut)).toBe("STORE_CORRUPT");
    expect(Buffer.compare(await readFile(file), cut)).toBe(0);
  });

  test.each([["text", Buffer.from("this is not a database, it is a text of some length\n".repeat(100))], ["zeros", Buffer.alloc(8_192)], ["our header and then garbage", () => Buffer.concat([whole.subarray(0, 100), Buffer.alloc(8_000, 0xa5)])]])("that holds %s is STORE_CORRUPT", async (_what, content) => {
    expect(await use(typeof content === "function" ? content() : content)).toBe("STORE_CORRUPT");
  });

  test("with an overwritten page is STORE_CORRUPT, whichever page it is", async () => {
    for (let page = 0; page < whole.length / 4_096; page++) {
      const damaged = Buffer.from(whole);
      damaged.fill(0x5a, page * 4_096, page * 4_096 + 256);
      expect([page, await use(damaged)]).toEqual([page, "STORE_CORRUPT"]);
    }
  });

  test("whose version is an earlier one than it was brought to is STORE_CORRUPT", async () => {
    const version = whole.readUInt32BE(60);
    for (let earlier = 1; earlier < version; earlier++) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt32BE(earlier, 60);
      expect([earlier, await use(damaged)]).toEqual([earlier, "STORE_CORRUPT"]);
    }
  });

  test(`with a flipped bit, at ${FLIPS} places, gives its rows or one of our errors, never a bug`, async () => {
    const place = fc.oneof(fc.nat(120), fc.tuple(fc.nat(40), fc.nat(63)).map(([page, at]) => page * 4_096 + at), fc.nat(1e6));
    await fc.assert(
      fc.asyncProperty(place, fc.nat(7), async (at, bit) => {
        const damaged = Buffer.from(whole);
        const index = at % damaged.length;
        damaged.writeUInt8(damaged.readUInt8(index) ^ (1 << bit), index);
        expect(["fine", "STORE_CORRUPT", "STORE_UNAVAILABLE", "STORE_NEWER"]).toContain(await use(damaged));
      }),
      { numRuns: FLIPS },
    );
  });

  test("says what to do", async () => {
    await writeFile(file, "nonsense".repeat(1_000));
    await expect(open()).rejects.toThrow(expect.objectContaining({ message: expect.stringContaining(file), hint: expect.stringContaining("restore a backup") }));
  });
});

async function readAndWrite(tx: StoreTx): Promise<void> {
  for (let number = 0; number < ROWS; number++) expect(await tx.getEffect(numberedEntry(number).id)).not.toBeNull();
  await tx.loadJournal("run-1");
  await tx.listBindings({ limit: 99 });
  await tx.listRuns({ limit: 99 });
  await tx.listEffects({ limit: 99 });
  await tx.getLease();
  await tx.nextFence();
  await tx.putEffect(numberedEntry(ROWS), null);
  await tx.putBinding(sampleBinding("another"));
  await tx.appendJournal("run-1", [numberedRow(ROWS)]);
}
