export { answerRequests, refuseOthers, type RequestAnswer, whyOthers } from "./approval-requests.ts";
export { createEffects } from "./create-effects.ts";
export type { CallAnswer, Caller, EffectEvent, Effects, EffectsOptions, EffectsRun, StartedRun } from "./ports.ts";
export { resolveEffect, type Verdict } from "./resolve-effect.ts";
export { createTurns, type Turns } from "./turns.ts";
