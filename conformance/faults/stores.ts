import { setTimeout as wait } from "node:timers/promises";
import type { PostgresServer } from "../../packages/runtime/src/testing/postgres.ts";
import type { SmallDisk } from "../disk-full/small-disk.ts";
import { leaderOf, until } from "./kills.ts";
import type { Disturbed, Scene } from "./scene.ts";

/** PostgreSQL is killed and started again; in between the process that leads is. */
export async function crashAgainAndAgain({ servings, random, traffic }: Scene, server: PostgresServer, crashes: number): Promise<Disturbed> {
  const faults: string[] = [];
  for (let crash = 1; crash <= crashes; crash++) {
    await until(() => servings.some((one) => one.phase().startsWith("leading")));
    await wait(random.between(200, 2_000));
    await server.crash();
    await wait(random.between(0, 2_000));
    await server.restart();
    const before = traffic.accepted.size;
    if (!(await until(() => traffic.accepted.size > before))) faults.push(`crash ${crash}: nothing was accepted afterwards`);
    if (random.chance(0.5)) await leaderOf(servings).kill();
  }
  return { times: crashes, notes: [], faults };
}

/** The disk of the store is filled to its last page under both processes, and freed again. */
export async function fillAgainAndAgain({ random, traffic }: Scene, disk: SmallDisk, fills: number): Promise<Disturbed> {
  const faults: string[] = [];
  for (let fill = 1; fill <= fills; fill++) {
    await wait(random.between(500, 1_500));
    disk.fill(random.between(0, 8));
    await wait(random.between(500, 3_000));
    disk.free();
    const before = traffic.accepted.size;
    if (!(await until(() => traffic.accepted.size > before))) faults.push(`fill ${fill}: nothing was accepted afterwards`);
  }
  const full = traffic.answers.get(503) ?? 0;
  return { times: fills, notes: [`${full} deliveries were answered with 503`], faults };
}
