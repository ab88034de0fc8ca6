import type { Clock } from "../../base/index.ts";
import type { MoveTarget } from "../../sql/index.ts";

/** Where a store is to go. */
export interface PostgresTargetOptions {
  readonly url: string;
  readonly schema: string;
  readonly markFile: string;
  readonly clock: Clock;
}

/** The database of `url` as what a store is moved to, for as long as `use` takes. Errors as of `openPostgresStore`. */
export async function usePostgresTarget<T>(options: PostgresTargetOptions, use: (target: MoveTarget) => Promise<T>): Promise<T> {
  const { withMoveTarget } = await import("./move-target.ts");
  return withMoveTarget({ ...options, now: options.clock.now() }, use);
}
