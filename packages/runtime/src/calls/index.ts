export type { CallOptions, CallOutcome, ContentBlock, RawReply, Rule, RuleReply, Rules, Session } from "./ports.ts";
