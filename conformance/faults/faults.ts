import { findPostgres, startPostgres } from "../../packages/runtime/src/testing/postgres.ts";
import { installOnDebian } from "../../scripts/house/debian.ts";
import { mountSmallDisk } from "../disk-full/small-disk.ts";
import type { Random } from "../kill/random.ts";
import { freezeAgainAndAgain, jumpAgainAndAgain, takeServerAwayForAnHour } from "./clocks.ts";
import { killAgainAndAgain } from "./kills.ts";
import { type Disturbed, type Outcome, playScene, type Scene } from "./scene.ts";
import { createShop } from "./shop-project.ts";
import { crashAgainAndAgain, fillAgainAndAgain } from "./stores.ts";
import { createWallClock, type WallClock } from "./wall-clock.ts";

/** One fault, as it is tried. */
export interface Fault {
  readonly name: string;
  readonly run: (options: Trying) => Promise<Outcome>;
}

interface Trying {
  readonly random: Random;
  readonly say: (line: string) => void;
}

const KILLS = Number(process.env["FAULTS_KILLS"] ?? "100");
const [CRASHES, FILLS, FREEZES] = [5, 8, 4];
const DISK_BYTES = 24 << 20;

/** What a fault's own part of the machine is put away with. */
type Made<T> = T & { remove(): void | Promise<void> };

async function tryOver<T>(make: () => Promise<Made<T>> | Made<T>, shopOf: (made: T) => Parameters<typeof createShop>[0], envOf: (made: T) => Readonly<Record<string, string>>, disturb: (scene: Scene, made: T) => Promise<Disturbed>, { random }: Trying): Promise<Outcome> {
  const made = await make();
  try {
    const shop = await createShop(shopOf(made));
    try {
      return await playScene({ shop, random, env: envOf(made), disturb: (scene) => disturb(scene, made) });
    } finally {
      await shop.remove();
    }
  } finally {
    await made.remove();
  }
}

const NOTHING = { remove: () => undefined };
const underClock = (name: string, disturb: (scene: Scene, clock: WallClock) => Promise<Disturbed>): Fault => ({ name, run: (trying) => tryOver(createWallClock, () => ({}), ({ env }) => env, disturb, trying) });
const kills: Fault = {
  name: "SIGKILL at random moments",
  run(trying) {
    let struck = 0;
    return tryOver(() => NOTHING, () => ({}), () => ({}), (scene) => killAgainAndAgain(scene, KILLS, () => ++struck % 25 === 0 && trying.say(`${struck} kills`)), trying);
  },
};

async function makePostgres() {
  if (findPostgres() === null) installOnDebian(["postgresql"]);
  const server = await startPostgres();
  return { server, remove: () => server.stop() };
}

/** In the order in which they are tried. Two stores at once are killed at: the machine has two cores. */
export const FAULTS: readonly Fault[] = [
  kills, kills,
  underClock("a server that is down for an hour", takeServerAwayForAnHour),
  underClock("clock put forward and back", jumpAgainAndAgain),
  underClock("leader frozen beyond its lease", (scene, clock) => freezeAgainAndAgain(scene, clock, FREEZES)),
  { name: "PostgreSQL killed", run: (trying) => tryOver(makePostgres, ({ server }) => ({ postgresUrl: server.url }), () => ({}), (scene, { server }) => crashAgainAndAgain(scene, server, CRASHES), trying) },
  { name: "disk full", run: (trying) => tryOver(() => { const disk = mountSmallDisk(DISK_BYTES); return { disk, remove: () => disk.unmount() }; }, ({ disk }) => ({ storeFolder: disk.folder }), () => ({}), (scene, { disk }) => fillAgainAndAgain(scene, disk, FILLS), trying) },
];
