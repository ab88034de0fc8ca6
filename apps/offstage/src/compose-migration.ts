import { randomUUID } from "node:crypto";
import { OffstageError } from "offstage/base";
import { moveStore, type MoveOptions, type TableSum } from "offstage/sql";
import { decideLease } from "offstage/state";
import { usePostgresTarget } from "offstage/stores/postgres";
import { useSqliteSource } from "offstage/stores/sqlite";
import { holderIsAlive, thisProcess } from "./lease-holder.ts";
import type { Project } from "./project/load-project.ts";
import { createSystemClock } from "./system-clock.ts";

/** What was moved, and where to. */
export interface MovedStore {
  readonly place: string;
  readonly tables: readonly TableSum[];
}

/** Moves the project's store out of its file into the database that `offstage.yaml` names. `compose.ts` is for everything that only uses one of both. Errors: `USAGE` when none is named, and those of moving. */
export async function moveToPostgres(project: Project, tell: MoveOptions["tell"]): Promise<MovedStore> {
  const postgres = project.postgres();
  if (postgres === null) throw new OffstageError("USAGE", "offstage.yaml names no store in PostgreSQL.", { hint: 'Write where the store is to go: store: { postgres: "${env:DATABASE_URL}" }. The file is found as before.' });
  const clock = createSystemClock();
  const isHeld = (lease: Parameters<typeof decideLease>[0]): boolean => decideLease(lease, thisProcess(), clock.now(), holderIsAlive) === "wait";
  return usePostgresTarget({ ...postgres, clock }, (target) =>
    useSqliteSource({ file: project.settings.store.file, clock, isHeld }, async (source) => ({ place: target.place, tables: await moveStore(source, target, { newId: randomUUID, now: clock.now(), tell }) })),
  );
}
