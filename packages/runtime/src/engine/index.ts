export { endOf, type EngineResult, interpret } from "./interpret.ts";
export type { CompactedItem, Effects, Journal, OfferCall, Paging, Ports, ReadAnswer, ReadCall, Reads, RunFrame, StagedState, States, Tools } from "./ports.ts";
export { type CallRule, type CompiledProfile, compileProfile, type ReplyView } from "./profile.ts";
export { FunctionValue, RegExpValue, Unknown, type Value } from "./value.ts";
