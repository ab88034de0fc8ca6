/**
 * The one door to the TypeScript compiler (6.0, classic API). No other file of the product imports it: what a newer
 * compiler changes is changed here, in `session.ts` (programs) and in `type-facts.ts` (types).
 */
import ts from "typescript";

export { ts };
