export type { Decision, GateContext, GateEffect } from "./context.ts";
export { decide } from "./decide.ts";
export { knownHash } from "./known-hash.ts";
