export { refuseUnkeepable } from "./keepable.ts";
export { MIGRATIONS } from "./migrations.ts";
export type { BoundQuery, SqlConnection } from "./prepared-query.ts";
export { corrupt } from "./read-value.ts";
export { runBody } from "./run-body.ts";
export { createStoreTx } from "./store-tx.ts";
export { createTurnTaking } from "./turn-taking.ts";
