import { describe, expect, test } from "vitest";
import type { Value } from "../engine/index.ts";
import type { JournalRow, StoreTx } from "../state/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createStoreJournal, keepingJournal, type StoreJournal } from "./journal.ts";

const RUN = "run-1";
const clock = createFakeClock();

/** What a journal does to its store, in order. */
interface Watched {
  readonly journal: StoreJournal;
  readonly done: string[];
  /** How often the journal asked for a transaction of its own. */
  readonly spills: () => number;
}

function watch(rows: readonly JournalRow[] = []): Watched {
  const done: string[] = [];
  let spills = 0;
  const tx = {
    appendJournal: async (_run: string, appended: readonly JournalRow[]) => void done.push(...appended.map((row) => `+${row.key}`)),
    clearJournal: async (_run: string, key: string) => void done.push(`-${key}`),
  } as unknown as StoreTx;
  const journal = createStoreJournal({
    runId: RUN, rows, clock,
    async spill(flush) {
      spills += 1;
      await flush(tx);
    },
  });
  return { journal: { ...journal, flush: () => journal.flush(tx) }, done, spills: () => spills };
}

function never(): Promise<Value> {
  throw new Error("A journaled step was performed again.");
}

const step = (key: string, value = '"old"', hash = "h"): JournalRow => ({ key, kind: "step", hash, value });

describe("once", () => {
  test("performs what is new, and writes nothing before it is asked to", async () => {
    const { journal, done } = watch();
    expect(await journal.once("get#1", "h", () => Promise.resolve({ a: 1 }))).toEqual({ a: 1 });
    expect(done).toEqual([]);
    await journal.flush(null as never);
    expect(done).toEqual(["+get#1"]);
  });

  test("answers a resumed run from its rows, and does not write them again", async () => {
    const { journal, done } = watch([step("get#1")]);
    expect(await journal.once("get#1", "h", never)).toBe("old");
    await journal.flush(null as never);
    expect(done).toEqual([]);
  });

  test("stops with JOURNAL_MISMATCH when the same key asks something else, before anything is performed", async () => {
    const { journal } = watch([step("get#1")]);
    await expect(journal.once("get#1", "another", never)).rejects.toMatchObject({ code: "JOURNAL_MISMATCH", message: expect.stringContaining("get#1") as string, hint: expect.any(String) as string });
  });

  test("does not journal a rejection: the step is asked again", async () => {
    const { journal, done } = watch();
    await expect(journal.once("get#1", "h", () => Promise.reject(new Error("later")))).rejects.toThrow("later");
    await journal.flush(null as never);
    expect(done).toEqual([]);
  });
});

describe("now", () => {
  test("is the same for the same key, and differs between keys when time goes on", async () => {
    const { journal } = watch();
    const first = journal.now("now#1");
    await clock.advance(5);
    expect(journal.now("now#1")).toBe(first);
    expect(journal.now("now#2")).toBe(first + 5);
  });

  test("is what it was in a resumed run, and is not taken from the row of a step", () => {
    const { journal } = watch([{ key: "now#1", kind: "now", hash: "", value: "77" }, step("get#1", "78")]);
    expect(journal.now("now#1")).toBe(77);
    expect(journal.now("get#1")).toBe(clock.now());
  });

  test("reaches the store like a step", async () => {
    const { journal, done } = watch();
    journal.now("now#1");
    journal.now("now#1");
    await journal.flush(null as never);
    expect(done).toEqual(["+now#1"]);
  });
});

describe("compact", () => {
  const item = { result: "made", staged: [] };

  test("drops what was not written yet: of a finished item only its result is kept", async () => {
    const { journal, done } = watch();
    await journal.once("each#1[a]/get#1", "h", () => Promise.resolve(1));
    journal.now("each#1[a]/now#1");
    await journal.once("each#1[ab]/get#1", "h", () => Promise.resolve(2));
    await journal.compact("each#1[a]", item);
    await journal.flush(null as never);
    expect(done).toEqual(["+each#1[ab]/get#1", "+each#1[a]"]);
  });

  test("clears what was written, before it writes the result; once", async () => {
    const { journal, done } = watch();
    await journal.once("each#1[a]/get#1", "h", () => Promise.resolve(1));
    await journal.flush(null as never);
    await journal.compact("each#1[a]", item);
    await journal.flush(null as never);
    await journal.flush(null as never);
    expect(done).toEqual(["+each#1[a]/get#1", "-each#1[a]", "+each#1[a]"]);
  });

  test("clears rows of an earlier life, and those of inner loops", async () => {
    const { journal, done } = watch([step("each#1[a]/each#1[x]/get#1"), step("each#1[b]/get#1")]);
    await journal.compact("each#1[a]", item);
    await journal.flush(null as never);
    expect(done).toEqual(["-each#1[a]", "+each#1[a]"]);
  });

  test("an item that was compacted is known to a resumed run; a step is no item", async () => {
    const store = await openSqliteStore({ memory: true, clock });
    const first = createStoreJournal({ runId: RUN, rows: [], clock, spill: () => Promise.reject(new Error("too many rows")) });
    await first.once("get#1", "h", () => Promise.resolve(0));
    await first.once("each#1[a]/get#1", "h", () => Promise.resolve(1));
    await first.compact("each#1[a]", { result: new Map([["key", undefined]]), staged: [{ name: "cursor", key: "", value: "7", version: 2 }] });
    await store.transact({ durable: true }, (tx) => first.flush(tx));
    const rows = await store.transact({ durable: false }, (tx) => tx.loadJournal(RUN));
    await store.close();
    expect(rows.map(({ key, kind }) => `${kind} ${key}`)).toEqual(["step get#1", "item each#1[a]"]);
    const { journal } = watch(rows);
    expect(journal.compacted("each#1[a]")).toEqual({ result: new Map([["key", undefined]]), staged: [{ name: "cursor", key: "", value: "7", version: 2 }] });
    expect(journal.compacted("get#1")).toBeUndefined();
    expect(journal.compacted("each#1[b]")).toBeUndefined();
  });
});

describe("spilling", () => {
  test("writes a thousand rows by itself, in the order in which they arose", async () => {
    const { journal, done, spills } = watch();
    const keys = Array.from({ length: 1_000 }, (_, index) => `get#${index}`);
    for (const key of keys.slice(0, -1)) await journal.once(key, "h", () => Promise.resolve(key));
    expect(spills()).toBe(0);
    await journal.once("get#999", "h", () => Promise.resolve("last"));
    expect(spills()).toBe(1);
    expect(done).toEqual(keys.map((key) => `+${key}`));
  });

  test("writes few large values too, and counts what compaction took away as gone", async () => {
    const { journal, spills } = watch();
    const large = "x".repeat(1 << 20);
    for (const name of ["a", "b", "c"]) await journal.once(`each#1[${name}]/get#1`, "h", () => Promise.resolve(large));
    await journal.compact("each#1[a]", { result: null, staged: [] });
    await journal.once("get#1", "h", () => Promise.resolve(large));
    expect(spills()).toBe(0);
    await journal.once("get#2", "h", () => Promise.resolve(large));
    expect(spills()).toBe(1);
  });

  test("a spill that fails fails the step", async () => {
    const journal = createStoreJournal({ runId: RUN, rows: [], clock, spill: () => Promise.reject(new Error("disk full")) });
    await expect(journal.once("get#1", "h", () => Promise.resolve("x".repeat(5 << 20)))).rejects.toThrow("disk full");
  });
});

describe("a transaction that fails", () => {
  test("gives back what it took: the next one writes it, before what arose since", async () => {
    const store = await openSqliteStore({ memory: true, clock });
    const journal = createStoreJournal({ runId: RUN, rows: [step("each#1[a]/get#1")], clock, spill: () => Promise.reject(new Error("too many rows")) });
    const kept = keepingJournal(store, journal);
    await journal.once("get#1", "h", () => Promise.resolve(1));
    await journal.compact("each#1[a]", { result: null, staged: [] });
    await journal.once("each#1[b]/get#1", "h", () => Promise.resolve(1));
    const failed = kept.transact({ durable: true }, async (tx) => {
      await journal.flush(tx);
      throw new Error("disk full");
    });
    await expect(failed).rejects.toThrow("disk full");
    await journal.once("get#2", "h", () => Promise.resolve(2));
    await journal.compact("each#1[b]", { result: null, staged: [] });
    await kept.transact({ durable: true }, (tx) => journal.flush(tx));
    await kept.transact({ durable: true }, (tx) => journal.flush(tx));
    const rows = await store.transact({ durable: false }, (tx) => tx.loadJournal(RUN));
    expect(rows.map(({ kind, key }) => `${kind} ${key}`)).toEqual(["step get#1", "item each#1[a]", "step get#2", "item each#1[b]"]);
    await store.close();
  });

  test("so that a transaction which the store makes again writes it too", async () => {
    const store = await openSqliteStore({ memory: true, clock });
    const journal = createStoreJournal({ runId: RUN, rows: [], clock, spill: () => Promise.reject(new Error("too many rows")) });
    let tries = 0;
    const twice: typeof store = { ...store, transact: (how, body) => store.transact(how, (tx) => ((tries += 1), body(tx)).then(() => Promise.reject(new Error("again")))).catch(() => store.transact(how, (tx) => ((tries += 1), body(tx)))) };
    await journal.once("get#1", "h", () => Promise.resolve(1));
    await keepingJournal(twice, journal).transact({ durable: true }, (tx) => journal.flush(tx));
    expect([tries, (await store.transact({ durable: false }, (tx) => tx.loadJournal(RUN))).map(({ key }) => key)]).toEqual([2, ["get#1"]]);
    await store.close();
  });

  test("and one that commits gives nothing back", async () => {
    const { journal, done } = watch();
    await journal.once("get#1", "h", () => Promise.resolve(1));
    await journal.flush(null as never);
    await journal.flush(null as never);
    expect(done).toEqual(["+get#1"]);
  });
});
