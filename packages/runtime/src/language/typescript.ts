/**
 * The one door to the TypeScript compiler (6.0, classic API). No other file of the product imports it: what a newer
 * compiler changes is changed here, in `session.ts` (programs) and in `type-facts.ts` (types).
 */
import ts from "typescript";

export { ts };

/** The names under which the compiler knows a module and the servers' types; what people call them is told apart. */
export const VIRTUAL = { module: "/module.ts", servers: "/servers.d.ts", workflows: "/workflows/", api: "/offstage/", library: "/lib.d.ts" } as const;
