import { MIGRATIONS } from "../../sql/index.ts";

/**
 * The table that writers lock, to take turns. It is named after the schema's version, and a migration renames it before anything else: a process of an earlier version, which would write rows of
 * another meaning, does not get its turn any more.
 */
export const TURNS = `turns_${MIGRATIONS.length}`;

/** The name that it has, or had, in any version. */
export const ANY_TURNS = "turns(_[0-9]+)?";
