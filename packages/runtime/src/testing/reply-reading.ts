// What rooms keep to themselves, for those who ask Python the same.
export { judge } from "../calls/outcome.ts";
export type { RawReply, Rule, RuleReply } from "../calls/ports.ts";
export { withoutIssueDump } from "../mcp/issue-text.ts";
export { readProtocolLine } from "../mcp/protocol-line.ts";
