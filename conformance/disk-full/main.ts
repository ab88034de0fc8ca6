/**
 * Fills a disk of two megabytes under a store, and under kept tokens, again and again: what was acknowledged stays, what failed left
 * nothing, and the error says what to do. Needs the right to mount (root), and fails without it: a check that did not run is not a success.
 *
 * `npm run test:disk-full`
 */
import { strict as assert } from "node:assert";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isOffstageError } from "offstage/base";
import type { Store } from "offstage/state";
import { createSeal, createSealedFiles } from "offstage/stores/sealed";
import { openSqliteStore } from "offstage/stores/sqlite";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";
import { numberedEntry, numberedRow } from "../../packages/runtime/src/testing/numbered-rows.ts";

const DISK_BYTES = 2 << 20;

const open = (disk: SmallDisk): Promise<Store> => openSqliteStore({ file: disk.file, clock: realClock, lockTimeoutMs: 0 });

/** A store cannot be made on a full disk, says so, and can be made once there is space. */
async function makeStores(disk: SmallDisk): Promise<void> {
  for (let pages = 0; pages < 60; pages += 3) {
    disk.fill(pages);
    const made = await open(disk).catch((error: unknown) => error);
    if (made instanceof Error) assertFull(made);
    else await (made as Store).close();
    disk.free();
    const store = await open(disk);
    assert.equal(await store.transact({ durable: true }, (tx) => tx.nextFence()), 1);
    await store.close();
    for (const suffix of ["", "-wal", "-shm", ".mark"]) rmSync(disk.file + suffix, { force: true });
  }
}

/** Tokens that are renewed on a disk that is nearly full: the new ones or the old, whatever the answer was, and never a part. */
async function fillTokens(disk: SmallDisk): Promise<number> {
  const folder = join(dirname(disk.file), "tokens");
  const tokens = createSealedFiles({ folder, seal: () => createSeal("a key that has thirty-two characters"), clock: realClock });
  let full = 0;
  for (let pages = 0; pages < 12; pages++) {
    await tokens.write("one", "old");
    disk.fill(pages);
    const refused: unknown = await tokens.write("one", "new".repeat(8_000)).then(() => null, (error: unknown) => error);
    assert.equal(await tokens.read("one"), refused === null ? "new".repeat(8_000) : "old");
    assert.deepEqual(readdirSync(folder), ["one.sealed"]);
    if (refused !== null) assert.equal(isOffstageError(refused) ? refused.code : refused, "STORE_FULL");
    full += refused === null ? 0 : 1;
    disk.free();
  }
  assert.ok(full > 0 && full < 12, `${full} of 12`);
  rmSync(folder, { recursive: true });
  return full;
}

/** Each round: commit until the disk is full, close, free, open, commit until full again, free, commit on the same connection. */
async function fillStores(disk: SmallDisk): Promise<number> {
  let full = 0;
  for (const pages of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]) {
    let store = await open(disk);
    disk.fill(pages);
    const first = await commitUntilFull(store, 0);
    // Closing folds the log into the file, for which there is no space; opening it again finds the log.
    await store.close();
    disk.free();
    store = await open(disk);
    await assertHolds(store, first);
    disk.fill(pages);
    const second = await commitUntilFull(store, first);
    disk.free();
    await commit(store, second);
    await store.close();
    store = await open(disk);
    await assertHolds(store, second + 1);
    await store.close();
    full += 2;
    process.stdout.write(`${String(pages).padStart(3)} pages left: full after ${first} commits, opened again, full after ${second}; ${second + 1} rows after it was freed\n`);
    for (const suffix of ["", "-wal", "-shm", ".mark"]) rmSync(disk.file + suffix, { force: true });
  }
  return full;
}

/** Returns how many rows the store holds then. */
async function commitUntilFull(store: Store, from: number): Promise<number> {
  for (let number = from; ; number++) {
    const refused = await commit(store, number).catch((error: unknown) => ({ error }));
    if (refused === undefined) continue;
    assertFull(refused.error);
    await assertHolds(store, number);
    return number;
  }
}

async function commit(store: Store, number: number): Promise<void> {
  await store.transact({ durable: true }, async (tx) => {
    await tx.putEffect(numberedEntry(number), null);
    await tx.appendJournal("run-1", [numberedRow(number)]);
  });
}

/** Exactly the first `count` rows, effect and journal alike. */
async function assertHolds(store: Store, count: number): Promise<void> {
  await store.transact({ durable: false }, async (tx) => {
    assert.deepEqual(await tx.loadJournal("run-1"), Array.from({ length: count }, (_row, number) => numberedRow(number)));
    for (let number = 0; number < count; number++) assert.deepEqual(await tx.getEffect(numberedEntry(number).id), numberedEntry(number));
    assert.equal(await tx.getEffect(numberedEntry(count).id), null);
  });
}

function assertFull(error: unknown): void {
  assert.ok(isOffstageError(error), `not one of our errors: ${String(error)}`);
  assert.equal(error.code, "STORE_FULL", error.message);
  assert.match(error.hint ?? "", /Free space/);
}

const disk = mountSmallDisk(DISK_BYTES);
try {
  await makeStores(disk);
  process.stdout.write(`Tokens were renewed 12 times on a disk with little space, ${await fillTokens(disk)} times too little: the old ones were kept.\n`);
  const times = await fillStores(disk);
  process.stdout.write(`A disk of ${DISK_BYTES >> 20} MB was filled ${times} times: no acknowledged row lost, no half one kept.\n`);
} finally {
  disk.unmount();
}
