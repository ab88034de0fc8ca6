import type { HoldReason } from "../../model/index.ts";

/** Why a write is held, in a few words. */
export function formatHold(why: HoldReason): string {
  switch (why.kind) {
    case "planning":
      return "planned";
    case "not-in-plan":
      return `not in plan: ${why.detail}`;
    case "approval":
      return `awaits approval: ${why.detail}`;
    case "denied":
      return `denied: ${why.detail}`;
    case "guard":
      return `held by the guard: ${why.detail}`;
    case "paused":
      return `paused: ${why.detail === "*" ? "everything" : why.detail}`;
    case "dry-run":
      return "dry run: nothing is written";
    case "not-now":
      return `not now: ${why.detail}`;
    case "after":
      return `after: ${why.effect.slice(0, 12)}`;
    case "uncertain":
      return "it is not certain that it will be made";
    case "unproven":
      return `not proven: ${why.detail}`;
  }
}
