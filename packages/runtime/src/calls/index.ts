export { type Calls, type CallLimits, type CallsOptions, createCalls, type OfferRequest, type ReadOutcome, type ReadRequest } from "./calls.ts";
export type { Blobs, CallOptions, CallOutcome, ContentBlock, Offer, OfferReply, RawReply, Rule, RuleReply, Rules, Session } from "./ports.ts";
