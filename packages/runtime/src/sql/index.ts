export { refuseUnkeepable } from "./keepable.ts";
export { MIGRATIONS } from "./migrations.ts";
export type { BoundQuery, SqlConnection } from "./prepared-query.ts";
export { corrupt } from "./read-value.ts";
export { type RanBody, runBody } from "./run-body.ts";
export { beginEpoch, isBehind, type MarkFile, markIn } from "./store-mark.ts";
export { createTurnTaking } from "./turn-taking.ts";
