export type { Decision, GateContext, GateEffect } from "./context.ts";
export { dayOf, limitsOf } from "./day-limits.ts";
export { decide } from "./decide.ts";
export { idleLimits, type IdleRule, idleRules, type PolicyWorld } from "./idle-rules.ts";
export { knownHash } from "./known-hash.ts";
export { isShownFor } from "./shown-for.ts";
