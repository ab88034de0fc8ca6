import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { Environment, RunHost } from "../../host/index.ts";
import { DEFAULT_POLICY } from "../../model/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { createHostWorld } from "../../testing/host-world.ts";
import { newPostgresPlace } from "../../testing/postgres-place.ts";

const DAY = 86_400_000;
const SEND = bodyProgram('await once(`${inputs.any}`, () => world.send({ n: inputs.any }));');

test("several processes that drive one store, and take each other for dead in the middle of writes, write no more in a day than the policy permits, and all of it in the end", async () => {
  // Whom the one that writes is taken for dead by, at so many writes.
  const takeovers = new Map([[4, 1], [6, 2], [13, 3]]);
  const world = await createHostWorld({
    async send() {
      const from = takeovers.get(world.called.length);
      if (from !== undefined) {
        world.mistakeForDead(from);
        driving.push((hosts[from] as RunHost).work());
      }
      await new Promise((resolve) => setImmediate(resolve));
      return { sent: true };
    },
  });
  const place = newPostgresPlace(world.clock);
  const how: Partial<Environment> = { concurrency: 8, retryMs: DAY, random: (count) => randomBytes(count), policy: { ...DEFAULT_POLICY, limits: [{ perDay: 10 }, { server: "world", tool: "send", perDay: 9 }] } };
  const stores = await Promise.all([1, 2, 3, 4].map(() => place.open()));
  const hosts = stores.map((store, index) => world.host(index + 1, how, store));
  const driving: Promise<void>[] = [];
  const [first, , , last] = hosts as [RunHost, RunHost, RunHost, RunHost];
  const started = await Promise.all(Array.from({ length: 20 }, async (_, n) => first.start({ program: SEND, inputs: { any: `${n}` }, event: { kind: "queue", body: n, attempt: 1 } })));
  for (const { finished } of started) finished.catch(() => undefined);
  for (let day = 0; day < 4; day++) {
    const before = world.called.length;
    await Promise.all(hosts.map((host) => host.work().catch(() => undefined)));
    while (driving.length > 0) await driving.shift()?.catch(() => undefined);
    await last.work();
    expect(world.called.length - before).toBeLessThanOrEqual(9);
    await world.clock.advance(DAY);
  }
  expect([world.called.length, new Set(world.called).size]).toEqual([20, 20]);
  expect(await stores[0]?.transact({ durable: true }, (tx) => tx.nextFence())).toBeGreaterThan(4);
  await world.close();
  await Promise.all(stores.map((store) => store.close()));
  await place.remove();
}, 60_000);
