import type { StepNode } from "./node.ts";

/** A workflow as people draw it: what starts it, and its steps in their order, in the words of its text. */
export interface Flow {
  readonly name: string;
  readonly description: string;
  readonly triggers: readonly string[];
  readonly steps: readonly FlowStep[];
}

/** One step of a {@link Flow}, or what holds others: a loop, a branch, a helper that takes steps. What only computes is none. */
export interface FlowStep {
  readonly does: Exclude<StepNode["kind"], "now" | "log"> | "if" | "for-of" | "try" | "helper" | "keep" | "return" | "throw" | "break" | "continue";
  /** What it is about: a condition, the items, a key, literal arguments, what is kept in or returned. */
  readonly label: string;
  /** It in one line, as people say it. */
  readonly words: string;
  /** In the workflow's text, from 1; 0 where the Program does not say. */
  readonly line: number;
  /** It may write: what it is itself, not what is drawn inside it. */
  readonly writes: boolean;
  readonly uses: readonly FlowUse[];
  readonly branches: readonly { readonly label: string; readonly steps: readonly FlowStep[] }[];
}

/** A tool that a step may call. */
export interface FlowUse {
  /** Which part of a record calls it; empty elsewhere. */
  readonly role: string;
  readonly server: string;
  readonly tool: string;
  readonly writes: boolean;
}
