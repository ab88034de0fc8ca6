export { type Calls, type CallsOptions, createCalls, type OfferRequest, type ReadOutcome, type ReadRequest } from "./calls.ts";
export type { Blobs, CallLimits, CallOptions, CallOutcome, ContentBlock, Offer, OfferReply, RawReply, Rule, RuleReply, Rules, Session } from "./ports.ts";
