export { type Calls, type CallLimits, type CallsOptions, createCalls, type ReadOutcome, type ReadRequest } from "./calls.ts";
export type { CallOptions, CallOutcome, ContentBlock, RawReply, Rule, RuleReply, Rules, Session } from "./ports.ts";
