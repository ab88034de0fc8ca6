import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store, StoreTx } from "../../state/index.ts";
import { type BreakingProxy, createBreakingProxy } from "../../testing/breaking-proxy.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { newPostgresPlace, type PostgresPlace } from "../../testing/postgres-place.ts";
import { sampleBinding, sampleLease, sampleRun } from "../../testing/store-samples.ts";
import { codeOf } from "../../testing/store-under-test.ts";
import { openPostgresStore } from "./index.ts";

const clock = createFakeClock();
let place: PostgresPlace;
beforeEach(() => { place = newPostgresPlace(clock); });
afterEach(() => place.remove());

/** Counts in the store; told twice it would be one too far. */
async function count(tx: StoreTx): Promise<number> {
  const before = await tx.getState("s", "n", "k");
  await tx.putState("s", "n", "k", String(Number(before?.value ?? 0) + 1), before?.version ?? 0);
  return Number(before?.value ?? 0) + 1;
}

const counted = (store: Store): Promise<unknown> => store.transact({ durable: false, reads: true }, async (tx) => (await tx.getState("s", "n", "k"))?.value);

describe("a connection that breaks", () => {
  test("in the middle of a transaction has it made again, once", async () => {
    const store = await place.open();
    let tries = 0;
    const result = await store.transact({ durable: true }, async (tx) => {
      tries += 1;
      const number = await count(tx);
      if (tries === 1) await place.disconnect("in a transaction");
      await tx.putRun(sampleRun());
      return number;
    });
    expect([tries, result, await counted(store)]).toEqual([2, 1, "1"]);
    await store.close();
  });

  test("while nothing is done is not noticed by anybody", async () => {
    const store = await place.open();
    await store.transact({ durable: true }, count);
    await counted(store);
    await place.disconnect();
    expect([await store.transact({ durable: true }, count), await counted(store)]).toEqual([2, "2"]);
    await store.close();
  });

  test("makes again what the body threw after its statements failed, but not what it threw by itself", async () => {
    const store = await place.open();
    let tries = 0;
    const failing = store.transact({ durable: true }, async (tx) => {
      tries += 1;
      await count(tx);
      throw new Error("mine");
    });
    await expect(failing).rejects.toThrow("mine");
    expect([tries, await counted(store)]).toEqual([1, undefined]);
    await store.close();
  });

  test("is not needed for one to be made again: what the server refuses for another's sake is, too", async () => {
    const store = await place.open();
    await store.transact({ durable: true }, count);
    let tries = 0;
    const result = await store.transact({ durable: true }, async (tx) => {
      tries += 1;
      await tx.getState("s", "n", "k");
      // Somebody who takes no turn: a person with psql.
      if (tries === 1) await place.query("UPDATE states SET value = '5', version = 5");
      return count(tx).catch(() => -1);
    });
    expect([tries, result, await counted(store)]).toEqual([2, 6, "6"]);
    await store.close();
  });

  test("asks for the lease again: another process may have taken it meanwhile", async () => {
    const store = await place.open();
    await store.transact({ durable: true }, (tx) => tx.putLease(sampleLease(1)));
    let tries = 0;
    const fenced = store.transact({ durable: true, fence: 1 }, async (tx) => {
      tries += 1;
      await place.disconnect("in a transaction");
      await place.query("UPDATE leases SET fence = 2");
      await count(tx);
    });
    expect([await codeOf(fenced), tries, await counted(store)]).toEqual(["LEASE_LOST", 1, undefined]);
    await store.close();
  });
});

describe("a COMMIT whose answer does not come", () => {
  let proxy: BreakingProxy;
  let store: Store;
  beforeEach(async () => {
    proxy = await createBreakingProxy(place.url);
    store = await place.open({ url: proxy.url });
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
  });

  test("is found stored, and not made again", async () => {
    let tries = 0;
    for (let number = 1; number <= 5; number++) {
      proxy.breakNext("answer-lost");
      expect(await store.transact({ durable: true }, (tx) => ((tries += 1), count(tx)))).toBe(number);
    }
    expect([tries, await counted(store)]).toEqual([5, "5"]);
  });

  test("is found not stored, and made again", async () => {
    let tries = 0;
    for (let number = 1; number <= 5; number++) {
      proxy.breakNext("never-sent");
      expect(await store.transact({ durable: true }, (tx) => ((tries += 1), count(tx)))).toBe(number);
    }
    expect([tries, await counted(store)]).toEqual([10, "5"]);
  });

  test("stays unknown when the server stays away, which is said; nothing is half", async () => {
    await store.close();
    store = await place.open({ url: proxy.url, patienceMs: 50 });
    proxy.breakNext("answer-lost");
    const lost = store.transact({ durable: true }, async (tx) => {
      await count(tx);
      void proxy.close();
    });
    await expect(lost).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const another = await place.open();
    expect(["1", undefined]).toContain(await counted(another));
    await another.close();
  });
});

describe("writers", () => {
  test("that stop in the middle lose their turn before others lose their patience", async () => {
    const [stopped, other] = [await place.open({ lockTimeoutMs: 1_000 }), await place.open({ lockTimeoutMs: 1_000 })];
    let goOn = (): void => undefined;
    let tries = 0;
    let begun = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => { begun = resolve; });
    const waiting = new Promise<void>((resolve) => { goOn = resolve; });
    const late = stopped.transact({ durable: true }, async (tx) => {
      const number = await count(tx);
      begun();
      if ((tries += 1) === 1) await waiting;
      return number;
    });
    await hasBegun;
    expect(await other.transact({ durable: true }, count)).toBe(1);
    goOn();
    expect([await late, tries, await counted(other)]).toEqual([2, 2, "2"]);
    await Promise.all([stopped.close(), other.close()]);
  });

  test("hold up no reader", async () => {
    const store = await place.open();
    await store.transact({ durable: true }, async (tx) => {
      await count(tx);
      expect(await counted(store)).toBeUndefined();
    });
    expect(await counted(store)).toBe("1");
    await store.close();
  });

  test("that ended are forgotten", async () => {
    const store = await place.open();
    await store.transact({ durable: true }, count);
    await place.query("INSERT INTO writers VALUES ('gone', 3, now() - interval '8 days'), ('here', 3, now())");
    await store.close();
    expect(await place.query("SELECT id FROM writers")).toEqual([{ id: "here" }]);
  });
});

test("keys with characters that the server's texts have not come back, in their order", async () => {
  const store = await place.open();
  const keys = ["", "\0", "\0a", "\u0001", "\u0001\u0001", "a", "a\0", "a\u0001b", "é", "漢", "😀"];
  await store.transact({ durable: true }, async (tx) => {
    for (const key of keys.toReversed()) await tx.putBinding(sampleBinding(key));
    await tx.appendJournal("r", keys.map((key) => ({ key: `each#1[${key}]/x`, kind: "step", hash: "h", value: "1" })));
    await tx.clearJournal("r", "each#1[\0]");
  });
  const found = await store.transact({ durable: true }, async (tx) => [(await tx.listBindings({ limit: 99 })).map(({ key }) => key), (await tx.loadJournal("r")).map(({ key }) => key), (await tx.getBinding({ scope: "leaks", record: "ticket", key: "a\0" }))?.key]);
  expect(found).toEqual([keys, keys.filter((key) => key !== "\0").map((key) => `each#1[${key}]/x`), "a\0"]);
  await store.close();
});

describe("a store that is not where it was", () => {
  const epochOf = async (store: Store): Promise<unknown> => {
    const known = await store.transact({ durable: false, reads: true }, async (tx) => [await tx.getMeta("epoch"), await tx.getMeta("restored-at")]);
    await store.close();
    return known;
  };

  test("stays in its epoch while it is where it was", async () => {
    for (let turn = 0; turn < 3; turn++) expect(await epochOf(await place.open())).toEqual([1, null]);
  });

  test("begins an epoch in a copy of its database, once", async () => {
    const [source, copy] = [`source_${place.schema}`, `copy_${place.schema}`];
    const url = new URL(place.url);
    await place.query(`CREATE DATABASE ${source}`);
    url.pathname = `/${source}`;
    const first = await openPostgresStore({ url: url.href, clock });
    expect(await epochOf(first)).toEqual([1, null]);
    await place.query(`CREATE DATABASE ${copy} TEMPLATE ${source}`);
    url.pathname = `/${copy}`;
    const copied = [await openPostgresStore({ url: url.href, clock }), await openPostgresStore({ url: url.href, clock })];
    expect(copied.map(({ id }) => id)).toEqual([first.id, first.id]);
    expect(await Promise.all(copied.map(epochOf))).toEqual([[2, clock.now()], [2, clock.now()]]);
    for (const name of [source, copy]) await place.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  test("is written no more by who used it", async () => {
    const store = await place.open();
    await store.transact({ durable: true }, count);
    await place.query(`ALTER SCHEMA ${place.schema} RENAME TO old_${place.schema}`);
    await (await place.open()).close();
    await place.disconnect();
    await expect(store.transact({ durable: true }, count)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("was replaced while this process used it") });
    await store.close();
    await place.query(`DROP SCHEMA old_${place.schema} CASCADE`);
  });

  test("begins an epoch when it knows less than this machine's mark, and its fencing tokens go on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "offstage-pgmark-"));
    const markFile = join(folder, "store.mark");
    const drive = async (): Promise<readonly unknown[]> => {
      const store = await place.open({ markFile });
      const fence = await store.transact({ durable: true }, (tx) => tx.nextFence());
      return [fence, await epochOf(store)];
    };
    await drive();
    expect(await drive()).toEqual([2, [1, null]]);
    await place.query("UPDATE fences SET last = 0");
    expect(await drive()).toEqual([3, [2, clock.now()]]);
    rmSync(folder, { recursive: true });
  });
});
