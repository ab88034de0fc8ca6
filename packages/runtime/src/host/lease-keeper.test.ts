import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { isOffstageError, OffstageError } from "../base/index.ts";
import type { LeaseHolder, Store } from "../state/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { type AcquiredLease, createLeaseKeeper, type LeaseKeeper } from "./lease-keeper.ts";

let store: Store;
let clock: FakeClock;
const dead = new Set<number>();
beforeEach(async () => {
  clock = createFakeClock();
  dead.clear();
  store = await openSqliteStore({ memory: true, clock });
});
afterEach(() => store.close());

function keeperOf(pid: number, host = "here", over: Store = store): LeaseKeeper {
  return createLeaseKeeper({ store: over, clock, me: { host, boot: "1", pid, started: "7" }, alive: (holder: LeaseHolder) => !dead.has(holder.pid) });
}

async function mine(keeper: LeaseKeeper): Promise<AcquiredLease> {
  const lease = await keeper.acquire();
  if (lease.kind !== "mine") throw new Error(`process ${lease.by.pid} holds the lease`);
  return lease;
}

/** Whether a transaction under this lease is let through. */
async function holds(lease: AcquiredLease): Promise<boolean> {
  try {
    await store.transact({ durable: false, fence: lease.fence }, () => Promise.resolve());
    return true;
  } catch (error) {
    if (isOffstageError(error) && error.code === "LEASE_LOST") return false;
    throw error;
  }
}

describe("acquire", () => {
  test("takes a free lease; a second process is told who has it", async () => {
    await mine(keeperOf(1));
    expect(await keeperOf(2).acquire()).toEqual({ kind: "held", by: { host: "here", boot: "1", pid: 1, started: "7" } });
  });

  test("two at once in one process take one lease, not one from the other", async () => {
    const keeper = keeperOf(1);
    const [one, other] = await Promise.all([mine(keeper), mine(keeper)]);
    expect(one.fence).toBe(other.fence);
    expect(await holds(one)).toBe(true);
    expect((await mine(keeper)).fence).toBe(one.fence);
  });

  test("two processes at once: one has it, the other is told", async () => {
    const ends = await Promise.all([keeperOf(1).acquire(), keeperOf(2).acquire()]);
    expect(ends.map((end) => end.kind).toSorted()).toEqual(["held", "mine"]);
  });

  test("takes over from a dead process of this machine at once, which then can write nothing more", async () => {
    const before = await mine(keeperOf(1));
    dead.add(1);
    const after = await mine(keeperOf(2));
    expect(after.fence).toBeGreaterThan(before.fence);
    expect([await holds(before), await holds(after)]).toEqual([false, true]);
  });

  test("takes over from another machine only when its lease has run out: nothing else is known of it", async () => {
    await store.transact({ durable: true }, async (tx) => tx.putLease({ fence: await tx.nextFence(), holder: { host: "far", boot: "9", pid: 1, started: null }, takenAt: clock.now(), expiresAt: clock.now() + 15_000 }));
    dead.add(1);
    await clock.advance(14_999);
    expect((await keeperOf(2).acquire()).kind).toBe("held");
    await clock.advance(1);
    expect((await keeperOf(2).acquire()).kind).toBe("mine");
  });

  test("a failure of the store is told, and the next attempt may succeed", async () => {
    let full = true;
    const failing: Store = { ...store, transact: (how, body) => (full ? Promise.reject(new OffstageError("STORE_FULL", "The disk is full.")) : store.transact(how, body)) };
    const keeper = keeperOf(1, "here", failing);
    await expect(keeper.acquire()).rejects.toMatchObject({ code: "STORE_FULL" });
    full = false;
    expect((await keeper.acquire()).kind).toBe("mine");
  });
});

describe("a lease that is held", () => {
  test("is renewed for as long as its process lives", async () => {
    const keeper = keeperOf(1, "far");
    const lease = await mine(keeper);
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000);
      expect((await keeperOf(2).acquire()).kind).toBe("held");
    }
    expect(lease.lost.aborted).toBe(false);
    expect(await holds(lease)).toBe(true);
  });

  test("is told lost at its next renewal when another process took it, and says why", async () => {
    const keeper = keeperOf(1);
    const lease = await mine(keeper);
    dead.add(1);
    await mine(keeperOf(2));
    expect(lease.lost.aborted).toBe(false);
    await clock.advance(5_000);
    expect(lease.lost.aborted).toBe(true);
    expect(lease.lost.reason).toMatchObject({ code: "LEASE_LOST" });
    // It is not its any more: it has to ask again like everybody.
    expect((await keeper.acquire()).kind).toBe("held");
  });

  test("is not lost because a renewal could not be written", async () => {
    let failing = false;
    const flaky: Store = { ...store, transact: (how, body) => (failing ? Promise.reject(new OffstageError("STORE_LOCKED", "Busy.")) : store.transact(how, body)) };
    const lease = await mine(keeperOf(1, "here", flaky));
    failing = true;
    await clock.advance(10_000);
    expect(lease.lost.aborted).toBe(false);
    failing = false;
    await clock.advance(5_000);
    expect((await keeperOf(2, "far").acquire()).kind).toBe("held");
  });
});

test("a lease of a store that a newer version has now is lost, also by who has nothing else to write, and who asks for it again is told why", async () => {
  let newer = false;
  const migrated: Store = { ...store, transact: (how, body) => (newer && how.reads !== true ? Promise.reject(new OffstageError("STORE_NEWER", "Newer.")) : store.transact(how, body)) };
  const keeper = keeperOf(1, "here", migrated);
  const lease = await mine(keeper);
  newer = true;
  await clock.advance(5_000);
  expect(lease.lost.reason).toMatchObject({ code: "STORE_NEWER" });
  await expect(keeper.acquire()).rejects.toMatchObject({ code: "STORE_NEWER" });
});

test("a copy of a store from within a lease that is put in its place begins an epoch: after a minute of it, or when it was given back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "offstage-lease-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "store.db");
  const epochAfter = async (use: (keeper: LeaseKeeper, renew: () => Promise<unknown>) => Promise<unknown>): Promise<unknown> => {
    const first = await openSqliteStore({ file, clock });
    const keeper = keeperOf(1, "here", first);
    await mine(keeper);
    // As whoever copies a database makes it: no backup that says that it is one.
    const copying = new Database(file);
    copying.exec(`VACUUM INTO '${file}.copy'`);
    copying.close();
    await use(keeper, async () => {
      await clock.advance(5_000);
      // Behind the renewal, and behind what comes after it.
      for (let turn = 0; turn < 2; turn++) await first.transact({ durable: true }, (tx) => tx.getMeta("epoch"));
    });
    await first.close();
    renameSync(`${file}.copy`, file);
    const restored = await openSqliteStore({ file, clock });
    const epoch = await restored.transact({ durable: false }, (tx) => tx.getMeta("epoch"));
    await restored.close();
    return epoch;
  };
  expect(await epochAfter(async (_, renew) => {
    for (let second = 0; second < 60; second += 5) await renew();
  })).toBe(2);
  expect(await epochAfter(async (keeper, renew) => {
    await renew();
    await keeper.release();
  })).toBe(3);
});

describe("release", () => {
  test("gives the lease to whoever asks next, and stops renewing", async () => {
    const keeper = keeperOf(1);
    const before = await mine(keeper);
    await keeper.release();
    expect(clock.sleepers).toBe(0);
    const after = await mine(keeperOf(2));
    expect(after.fence).toBeGreaterThan(before.fence);
    expect(before.lost.aborted).toBe(false);
  });

  test("does not take a lease away that another process took meanwhile", async () => {
    const keeper = keeperOf(1);
    await mine(keeper);
    dead.add(1);
    const after = await mine(keeperOf(2));
    await keeper.release();
    expect(await holds(after)).toBe(true);
  });

  test("of nothing is nothing", async () => {
    await keeperOf(1).release();
    expect((await keeperOf(2).acquire()).kind).toBe("mine");
  });
});
