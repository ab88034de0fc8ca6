import type { FunctionNode } from "./node.ts";
import type { GlobalNode, ProgramDebug } from "./program.ts";

/** How a tool pages. `by: "none"` is one page, of which `more` tells whether it was all. */
export interface PagingNode {
  readonly by: "none" | "page" | "offset" | "cursor";
  /** The argument that moves: page number, offset or cursor. */
  readonly param?: string;
  /** The argument that sets the page's size, and the size to ask for when the call does not say. */
  readonly size?: { readonly param: string; readonly value: number };
  /** Result → items; without it the result itself is the list. */
  readonly items?: FunctionNode;
  /** Result → next cursor or null. */
  readonly next?: FunctionNode;
  /** Result → whether there is more that this tool cannot give. */
  readonly more?: FunctionNode;
  /** The most pages to read when the call does not say. */
  readonly max?: number;
}

/** One rule of a profile: what it says of the calls for which `when` holds. All functions are free of steps. */
export interface RuleNode {
  readonly when?: FunctionNode;
  readonly effect?: "read" | "prepare" | "write";
  readonly result?: FunctionNode;
  readonly failed?: FunctionNode;
  readonly refused?: FunctionNode;
  readonly gone?: FunctionNode;
  readonly idempotent?: boolean | FunctionNode;
  readonly consistent?: boolean;
  readonly lagMs?: number;
  readonly pages?: PagingNode | "none";
  readonly rate?: { readonly perSecond?: number; readonly concurrent?: number };
  readonly undo?: string;
  readonly target?: FunctionNode;
  /** Result paths (`a.b`, `items[].token`) that are never stored. */
  readonly sensitive?: readonly string[];
  /** Tools of the same server whose answers a write makes stale. */
  readonly affects?: readonly string[];
}

/** A lowered profile: per tool its rules in order; `"*"` fills what they leave out. */
export interface ProfileProgram {
  readonly kind: "profile";
  readonly semantics: number;
  /** `package@majorVersion` that it speaks of. */
  readonly package: string;
  readonly globals: readonly GlobalNode[];
  readonly rules: { readonly [tool: string]: readonly RuleNode[] };
  /** Which hosts its server speaks to, as a sandbox's settings name them; absent when it does not say. */
  readonly hosts?: readonly string[];
  /** Generated type name → better name. */
  readonly names: { readonly [type: string]: string };
  readonly debug: ProgramDebug;
}
