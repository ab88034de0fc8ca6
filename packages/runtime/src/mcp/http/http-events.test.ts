import { afterAll, describe, expect, test, vi } from "vitest";
import { startHttpChanging } from "../../testing/http-changing.ts";
import { createWatchedPool } from "../../testing/workshop.ts";
import type { ServerEvent } from "../events/server-event.ts";

// Changes over HTTP: streams are cut, servers are started anew, and who listens hears of each gap.

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

describe.concurrent.each(["modern", "sessions"] as const)("over HTTP, %s", (serving) => {
  test("changes are told again after a stream was cut and after the server was started anew, with the gap in between", async () => {
    const server = await startHttpChanging(serving);
    const { pool } = createWatchedPool([server.config]);
    closers.push(() => pool.close(), () => server.close());
    const told: ServerEvent[] = [];
    const stop = new AbortController();
    const done = pool.listen("changing", { resources: ["note://a"], lists: false }, (event) => told.push(event), stop.signal);
    /** A change is told at the latest when it is made again: nobody waits for the moment in which a stream is open. */
    const toldOf = (kind: ServerEvent["kind"]): Promise<void> =>
      vi.waitFor(async () => {
        if (kind === "resource-updated") await server.touch("note://a");
        expect(told.map((event) => event.kind)).toContain(kind);
      }, { timeout: 20_000, interval: 20 });
    await toldOf("listening");
    await toldOf("resource-updated");
    for (const interrupt of serving === "modern" ? [server.cut] : [server.cut, server.restart]) {
      told.length = 0;
      interrupt();
      await toldOf("gap");
      await toldOf("resource-updated");
    }
    stop.abort();
    await done;
  });

  test("the list of tools is read anew when it changed", async () => {
    const server = await startHttpChanging(serving);
    const { pool } = createWatchedPool([server.config]);
    closers.push(() => pool.close(), () => server.close());
    expect((await pool.catalogue("changing")).tools).toHaveLength(1);
    await vi.waitFor(async () => {
      await server.grow();
      expect((await pool.catalogue("changing")).tools.length).toBeGreaterThan(1);
    }, { timeout: 20_000, interval: 20 });
  });
});
