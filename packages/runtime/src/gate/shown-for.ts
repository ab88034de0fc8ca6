import type { ApprovalRequest } from "../model/index.ts";
import type { GateEffect } from "./context.ts";

/**
 * Whether a person was shown this very call: its server and tool, and the account or site that the server speaks to. A yes to a write at
 * one site is none to the same write at another.
 */
export function isShownFor(asked: ApprovalRequest, { request, target }: Pick<GateEffect, "request" | "target">): boolean {
  return asked.target === target && asked.server === (request.call?.server ?? request.server) && asked.tool === (request.call?.tool ?? null);
}
