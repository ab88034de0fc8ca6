export { admit } from "./admission.ts";
export { type Calls, type CallsOptions, createCalls, type OfferRequest, type ReadOutcome, type ReadRequest } from "./calls.ts";
export type { Turns } from "./exchange.ts";
export { askLane, type AskedLane, HOLDER_EXPIRES_MS, type Lane, type LaneAnswer, type LaneProcess } from "./lane.ts";
export type { Lanes } from "./lanes.ts";
export type { RateLimit } from "./rate-limiter.ts";
export type { Blobs, CallLimits, CallOptions, CallOutcome, ContentBlock, Offer, OfferReply, RawReply, Rule, RuleReply, Rules, Session } from "./ports.ts";
