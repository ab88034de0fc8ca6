import type { CallAnswer } from "../effects/index.ts";

/** What a write may meet on its way. `lost`, `late`: no answer in time; the second is carried out some time before its deadline. */
export type Fate = "ok" | "refused" | "happened-unanswered" | "lost" | "late" | "unreadable";

/** Every fate, the ordinary one first. */
export const FATES: readonly Fate[] = ["ok", "refused", "happened-unanswered", "lost", "late", "unreadable"];

/** One ticket of the fake tracker. */
export interface Ticket {
  readonly id: string;
  readonly label: string;
  readonly madeAt: number;
  title: string;
  done: boolean;
  deleted: boolean;
}

/** The arguments of the tracker's tools: `create` takes a label and a title, `update` an id and a title, `close` and `open` an id. */
export interface WriteArgs {
  readonly label?: string;
  readonly id?: string;
  readonly title?: string;
}

/** A ticket system whose search lags, and that counts what it was asked. */
export interface Tracker {
  readonly tickets: Ticket[];
  /** Carries one write out. */
  write(tool: string, args: WriteArgs, now: number): CallAnswer;
  /** The tickets that the search shows: those older than its lag, deleted ones still for as long. */
  find(label: string, now: number): readonly Ticket[];
  read(id: string): Ticket | null;
}

/** A {@link Tracker} whose search sees changes after `lagMs`. */
export function createTracker(lagMs: number): Tracker {
  const tickets: Ticket[] = [];
  const get = (id: string | undefined): Ticket | undefined => tickets.find((ticket) => ticket.id === id && !ticket.deleted);
  return {
    tickets,
    write(tool, args, now) {
      if (tool === "create") {
        const ticket: Ticket = { id: `T-${tickets.length + 1}`, label: args.label ?? "", title: args.title ?? "", madeAt: now, done: false, deleted: false };
        tickets.push(ticket);
        return { kind: "value", value: { id: ticket.id } };
      }
      const ticket = get(args.id);
      if (ticket === undefined) return { kind: "error", refused: true, error: { code: "TOOL_FAILED", message: "no such ticket" } };
      if (tool === "update") ticket.title = args.title ?? "";
      else ticket.done = tool === "close";
      return { kind: "value", value: {} };
    },
    find: (label, now) => tickets.filter((ticket) => ticket.label === label && !ticket.deleted && ticket.madeAt + lagMs <= now),
    read: (id) => get(id) ?? null,
  };
}

/** The answer that its fate leaves of a write, and whether and when it is carried out. */
export function meet(fate: Fate, carryOut: (at?: number) => CallAnswer, later: (happen: (at: number) => void) => void): CallAnswer {
  const lost: CallAnswer = { kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "no answer" } };
  switch (fate) {
    case "ok":
      return carryOut();
    case "refused":
      return { kind: "error", refused: true, error: { code: "TOOL_FAILED", message: "refused" } };
    case "lost":
      return lost;
    case "happened-unanswered":
      carryOut();
      return lost;
    case "late":
      later(carryOut);
      return lost;
    case "unreadable":
      return carryOut().kind === "value" ? { kind: "unreadable", error: { code: "RESULT_UNREADABLE", message: "broken body" } } : lost;
  }
}
