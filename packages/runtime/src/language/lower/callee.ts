import type { Program } from "../../program/index.ts";

/** What a caller's checks must know of a workflow that it calls. */
export interface CalleeFacts {
  /** It writes, or may. */
  readonly writes: boolean;
  /** It reads or sets a state. */
  readonly states: boolean;
  /** A tool of a write without a lasting identity, `server.tool`; null when there is none. */
  readonly bareWrite: string | null;
}

/** A workflow that the module calls. */
export interface Callee {
  readonly program: Program;
  readonly facts: CalleeFacts;
}

/** What an import of another workflow module leads to. */
export type Imported = ({ readonly kind: "workflow" } & Callee) | { readonly kind: "missing" | "faulty" } | { readonly kind: "cycle"; readonly through: readonly string[] };
