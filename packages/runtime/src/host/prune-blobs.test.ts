import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import { sampleBinding, sampleRequest, sampleRun, sampleWait } from "../testing/store-samples.ts";
import { countPrunable, createStoreBlobs, keepPruning, pruneStore, type Retention, type ServeNews } from "./index.ts";

const DAY = 86_400_000;
const RETENTION: Retention = { runsMs: 90 * DAY, eventsMs: 30 * DAY };
const NOTHING = { runs: 0, arrivals: 0, windows: 0, programs: 0, blobs: 0, bytes: 0 };

let world: HostWorld;
const picture = Buffer.from("picture bytes");
const hash = createHash("sha256").update(picture).digest("hex");
beforeEach(async () => {
  const show = async (): Promise<Data> => {
    await createStoreBlobs(world.store, world.clock).keep(hash, picture);
    return { data: `blob:sha256:${hash}` };
  };
  world = await createHostWorld({ get: show, create: show });
});
afterEach(() => world.close());

const prune = (store: Store = world.store, more: { readonly stopping?: AbortSignal } = {}) => pruneStore({ store, clock: world.clock, retention: RETENTION, stopping: new AbortController().signal, pauseMs: 0, ...more });
const isThere = async (): Promise<boolean> => (await createStoreBlobs(world.store, world.clock).load(hash)) !== null;
const count = () => countPrunable({ store: world.store, clock: world.clock, retention: RETENTION });
const start = async (body: string): Promise<void> => void (await (await world.host(1).start({ program: bodyProgram(body), inputs: {}, event: { kind: "call" } })).finished);

test("what a run that is parked for months has seen stays for as long as the run does, and goes with it", async () => {
  await start('const { data } = await world.get({}); await sleep("200d"); await once.perRun(() => world.send({ data }));');
  for (const days of [89, 2, 100]) {
    await world.clock.advance(days * DAY);
    expect(await prune()).toEqual(NOTHING);
  }
  await world.clock.advance(10 * DAY);
  await world.host(1).work();
  expect([world.called.at(-1), await isThere()]).toEqual([`send {"data":"blob:sha256:${hash}"}`, true]);
  await world.clock.advance(91 * DAY);
  expect(await count()).toEqual({ runs: 1, staying: 0, blobs: 0, bytes: 0 });
  expect(await prune()).toEqual({ ...NOTHING, runs: 1, programs: 1, blobs: 1, bytes: picture.length });
  expect(await isThere()).toBe(false);
});

test("what a `once` gives back stays for ever, and what nobody named goes in its time", async () => {
  await createStoreBlobs(world.store, world.clock).keep("f".repeat(64), picture);
  await start('return once("k", () => world.create({}));');
  await world.clock.advance(91 * DAY);
  expect(await count()).toEqual({ runs: 1, staying: 0, blobs: 1, bytes: picture.length });
  expect(await prune()).toMatchObject({ runs: 1, blobs: 1 });
  await world.clock.advance(999 * DAY);
  expect([await prune(), await isThere()]).toEqual([NOTHING, true]);
});

test("one that is stopped before it has seen all removes nothing", async () => {
  await start("return (await world.get({})).data;");
  await world.clock.advance(91 * DAY);
  const begun = new AbortController();
  const store: Store = {
    ...world.store,
    transact: (how, body) => world.store.transact(how, (tx) => body({ ...tx, namedBlobs: (...asked) => { begun.abort(); return tx.namedBlobs(...asked); } })),
  };
  expect(await prune(store, { stopping: begun.signal })).toMatchObject({ runs: 1, blobs: 0 });
  expect([begun.signal.aborted, await isThere()]).toEqual([true, true]);
  expect(await prune()).toEqual({ ...NOTHING, blobs: 1, bytes: picture.length });
});

test("while a project is served they are looked for when it begins, and once a day", async () => {
  const news: ServeNews[] = [];
  const stopping = new AbortController();
  const kept = keepPruning({ store: world.store, clock: world.clock, retention: RETENTION, leads: () => true, news: (one) => void news.push(one), stopping: stopping.signal });
  await world.clock.advance(120_000);
  await start("return 1;");
  await world.store.transact({ durable: false }, (tx) => tx.putBlob(hash, picture, 1));
  await world.clock.advance(20 * 3_600_000);
  expect([news, await isThere()]).toEqual([[], true]);
  await world.clock.advance(5 * 3_600_000);
  expect([news, await isThere()]).toEqual([[{ kind: "pruned", pruned: { ...NOTHING, blobs: 1, bytes: picture.length } }], false]);
  stopping.abort();
  await kept;
});

/** Rows that name one blob or none, in tables that are looked at one after the other. */
const PLACES: readonly ((tx: StoreTx, text: string) => Promise<unknown>)[] = [
  (tx, text) => tx.putRun(sampleRun({ status: "parked", output: text })),
  (tx, text) => tx.putBinding(sampleBinding("k", { kept: text })),
  (tx, text) => tx.putRequest(sampleRequest("q", { args: text })),
  (tx, text) => tx.putWait(sampleWait("w", { label: text })),
  async (tx, text) => tx.putState("s", "n", "k", text, (await tx.getState("s", "n", "k"))?.version ?? 0),
];

const BLOBS = ["a", "b", "c"].map((digit) => digit.repeat(64));
const place = fc.nat(PLACES.length - 1);
const blob = fc.nat(BLOBS.length - 1);
const event = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("keep" as const), blob }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("name" as const), place, blob }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("move" as const), from: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("age" as const), days: fc.constantFrom(1, 60, 100) }) },
);

test("whatever others do between the transactions of two that remove, nothing is removed that is named: kept, named from memory, moved, cleared", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.option(blob), { minLength: PLACES.length, maxLength: PLACES.length }), fc.array(event, { minLength: 30, maxLength: 60 }), async (first, events) => {
    const clock = createFakeClock();
    const store = await openSqliteStore({ memory: true, clock });
    const names: (string | null)[] = PLACES.map(() => null);
    const there = async (one: string): Promise<boolean> => store.transact({ durable: false, reads: true }, async (tx) => (await tx.getBlob(one)) !== null);
    const put = async (at: number, name: string | null): Promise<void> => {
      names[at] = name;
      await store.transact({ durable: false }, async (tx) => PLACES[at]?.(tx, name === null ? "" : `blob:sha256:${name}`));
    };
    // What was kept just now, and is about to be named.
    const held = new Set<string>();
    const left = [...events];
    const happen = async (): Promise<void> => {
      const one = left.shift();
      if (one?.kind === "keep") {
        await store.transact({ durable: false }, (tx) => tx.putBlob(BLOBS[one.blob] ?? "", picture, clock.now()));
        held.add(BLOBS[one.blob] ?? "");
      }
      if (one?.kind === "age") held.clear();
      // Out of the text of another server, which knows the name longer than the store.
      if (one?.kind === "name" && (await there(BLOBS[one.blob] ?? ""))) await put(one.place, BLOBS[one.blob] ?? "");
      if (one?.kind === "move" && one.from !== one.to) {
        await put(one.to, names[one.from] ?? null);
        await put(one.from, null);
      }
      if (one?.kind === "clear") await put(one.place, null);
      if (one?.kind === "age") await clock.advance(one.days * DAY);
      for (const name of [...names.filter((known) => known !== null), ...held]) expect(await there(name)).toBe(true);
    };
    let turn = Promise.resolve();
    const next = (): Promise<void> => (turn = turn.then(happen));
    for (const one of BLOBS) await store.transact({ durable: false }, (tx) => tx.putBlob(one, picture, clock.now()));
    for (const [at, one] of first.entries()) await put(at, one === null ? null : (BLOBS[one] ?? null));
    await clock.advance(100 * DAY);
    const busy: Store = {
      ...store,
      async transact(how, body) {
        await next();
        return store.transact(how, body);
      },
    };
    const pruning = { clock, retention: RETENTION, stopping: new AbortController().signal, pauseMs: 0 };
    await Promise.all([pruneStore({ ...pruning, store: busy }), pruneStore({ ...pruning, store: busy })]);
    while (left.length > 0) await next();
    // In the end only what is named is there.
    await clock.advance(100 * DAY);
    await pruneStore({ ...pruning, store });
    for (const one of BLOBS) expect(await there(one)).toBe(names.includes(one));
    await store.close();
  }), { numRuns: 100 });
}, 120_000);
