import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { OffstageError } from "../../base/index.ts";
import type { Store } from "../../state/index.ts";
import { sampleLease, sampleRun } from "../../testing/store-samples.ts";
import { connectSqlite, type SqliteConnection } from "./sqlite-connection.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createGroupTurns } from "./group-turns.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { openSqliteStore } from "./index.ts";

describe("transactions that come together", () => {
  let file = "";
  let log: string[] = [];
  let store: Pick<Store, "transact">;
  let connection: SqliteConnection;

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), "offstage-group-"));
    file = join(folder, "store.db");
    await (await openSqliteStore({ file, clock: createFakeClock() })).close();
    const opened = await connectSqlite(file, 0);
    log = [];
    connection = {
      ...opened,
      async begin(how) { log.push(how.reads === true ? "begin to read" : `begin${how.durable ? ", the disk is waited for" : ""}`); await opened.begin(how); },
      commit() { log.push("commit"); opened.commit(); },
    };
    store = createGroupTurns(createGroupCommit({ clock: createFakeClock(), connection, log: null, assertSameFile: null, assertVersion: () => Promise.resolve(), onFence: (fence) => log.push(`fence ${fence}`) }), async () => undefined);
    onTestFinished(async () => { opened.close(); await rm(folder, { recursive: true }); });
  });

  const put = (id: string): Promise<void> => store.transact({ durable: false }, (tx) => tx.putRun(sampleRun({ id })));
  const ids = (): Promise<readonly string[]> => store.transact({ durable: false, reads: true }, async (tx) => (await tx.listRuns({ limit: 99 })).map(({ id }) => id).toSorted());

  test("share one COMMIT, each seeing what those before it did, and wait for the disk when one of them has to", async () => {
    const [, seen] = await Promise.all([put("a"), ids(), store.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id: "b" })))]);
    expect(seen).toEqual(["a"]);
    expect(log).toEqual(["begin, the disk is waited for", "commit"]);
    expect(await ids()).toEqual(["a", "b"]);
    expect(log.slice(2)).toEqual(["begin to read", "commit"]);
  });

  test("fail alone: when one throws, the others are made again without it", async () => {
    const thrown = new Error("mine");
    const settled = await Promise.allSettled([put("a"), store.transact({ durable: false }, async (tx) => { await tx.putRun(sampleRun({ id: "b" })); throw thrown; }), put("c")]);
    expect(settled).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: thrown }, { status: "fulfilled" }]);
    expect(await ids()).toEqual(["a", "c"]);
  });

  test("are fenced one by one: what lost the lease within the group is refused, what came before it is stored", async () => {
    const taken = store.transact({ durable: false }, (tx) => tx.putLease(sampleLease(2)));
    const late = store.transact({ durable: false, fence: 1 }, (tx) => tx.putRun(sampleRun({ id: "late" })));
    await expect(late).rejects.toMatchObject({ code: "LEASE_LOST" });
    await taken;
    expect(await ids()).toEqual([]);
  });

  test("are refused together when the database does not commit, and those that only look are not", async () => {
    const { commit } = connection;
    connection.commit = () => { connection.commit = commit; throw new OffstageError("STORE_FULL", "the disk is full"); };
    const settled = await Promise.allSettled([put("a"), ids(), put("b")]);
    expect(settled).toMatchObject([{ status: "rejected", reason: { code: "STORE_FULL" } }, { status: "fulfilled", value: [] }, { status: "rejected", reason: { code: "STORE_FULL" } }]);
    expect(await ids()).toEqual([]);
  });
});
