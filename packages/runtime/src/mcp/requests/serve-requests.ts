import type { Client } from "@modelcontextprotocol/client";
import type { RequestDesk } from "./request-desk.ts";

/** Answers what a server of the legacy era asks in the middle of our calls. Only what is announced gets a handler; the rest is refused by the SDK. */
export function serveRequests(client: Client, desk: RequestDesk): void {
  const { elicitation, sampling, roots } = desk.capabilities;
  if (elicitation !== undefined) client.setRequestHandler("elicitation/create", ({ method, params }, context) => desk.answer(method, params, context.mcpReq.signal) as never);
  if (sampling !== undefined) client.setRequestHandler("sampling/createMessage", ({ method, params }, context) => desk.answer(method, params, context.mcpReq.signal) as never);
  if (roots !== undefined) client.setRequestHandler("roots/list", ({ method, params }, context) => desk.answer(method, params, context.mcpReq.signal) as never);
}
