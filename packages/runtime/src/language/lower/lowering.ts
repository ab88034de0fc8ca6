import type { Block, Expression, FunctionNode, Mark, Receiver, ToolUse } from "../../program/index.ts";
import type { JsonObject, ValueType } from "../../base/index.ts";
import type { Faults } from "../faults.ts";
import type { TypeFacts } from "../type-facts.ts";
import type { ts } from "../typescript.ts";
import type { Callee, Imported } from "./callee.ts";
import type { Draft, FunctionDraft, FunctionRole, Helper, Scope } from "./scope.ts";

/** A call of a helper and where it stands; whether it needs a call site is known when all is lowered. */
export interface HelperCall {
  readonly node: Draft<Extract<Expression, { kind: "call" }>>;
  readonly site: string;
  readonly source: ts.Node;
  /** null: a function that came in as a parameter. */
  readonly helper: Helper | null;
  readonly caller: FunctionDraft | null;
}

/** What is known of the servers' tools beside their types. */
export interface ToolKnowledge {
  /**
   * Whether a call may write. `known` has the arguments that are written out in the text, and nothing of the others; null
   * when not even those can be told. `open` names arguments that are there but not known; `"any"` when there may be more.
   */
  mayWrite(server: string, tool: string, known: JsonObject | null, open: readonly string[] | "any"): boolean;
  /** Whether `.pages` of this tool must say `max`, because no profile does. */
  pagesNeedMax(server: string, tool: string): boolean;
  /** The server that an export of `#servers` stands for. */
  serverNamed(identifier: string): string;
  /** There is a lock, so that `#servers` has types. */
  readonly locked: boolean;
}

/**
 * The lowering of one module: what its parts share, and the three doors through which they call each other. A part reports
 * what it refuses and goes on with a placeholder, so that all faults are found at once.
 */
export interface Lowering {
  readonly kind: "workflow" | "profile";
  readonly source: ts.SourceFile;
  readonly facts: TypeFacts;
  readonly faults: Faults;
  readonly scope: Scope;
  /** A value; a call that has to be awaited is refused here. */
  expression(node: ts.Expression): Expression;
  /** A value where a call is awaited: after `await`, or returned from a function that may. */
  awaited(node: ts.Expression): Expression;
  /** A list, map, set or iterator that is gone through at once. */
  iterable(node: ts.Expression): Expression;
  /** A function where the Program wants one in place: an arrow, or an arrow around the name of a helper. */
  functionOf(node: ts.Expression, role: FunctionRole): FunctionNode;
  /** A function as a value: an arrow, or the name of a helper. */
  functionValue(node: ts.Expression, role: FunctionRole): Expression;
  statements(nodes: readonly ts.Statement[]): Block;
  /** A call site's name, counted in source order. `pauses` is false for `now` and `log`. */
  site(callee: string): string;
  step(callee: string, node: ts.Node, pauses: boolean): string;
  /** Tools that the text names, as `server` and `tool`. */
  readonly tools: Map<string, ToolUse>;
  /** What imports of other workflows lead to, by name. */
  readonly imports: ReadonlyMap<string, Imported>;
  /** The modules of the owner's own code that are there, of those that are imported. */
  readonly ownModules: ReadonlySet<string>;
  /** The workflows that are called, by first call. */
  readonly callees: Callee[];
  /** The workflows that are started, by first start. */
  readonly started: Callee[];
  /** Servers whose resources or prompts the text reads. */
  readonly offers: Set<string>;
  /** Names of records and states that are taken, with what they name. */
  readonly taken: Set<string>;
  readonly calls: HelperCall[];
  /** Where globals are read. */
  readonly globalReads: { readonly at: number; readonly index: number }[];
  /** The calls that are steps, by site. */
  readonly stepNodes: Map<string, ts.Node>;
  readonly names: { [offset: string]: readonly string[] };
  /** Members that are always there, by the place of the node that reads one; null where nodes of one place do not agree. */
  readonly members: Map<string, Receiver | null>;
  /** Types of locals that their values alone do not tell, by the list of names of their frame, then by slot. */
  readonly localTypes: Map<readonly string[], Map<number, ValueType>>;
  /** Places of the text that a native run marks. */
  readonly marks: Mark[];
  /** What the caller knows of tools. */
  readonly knowledge: ToolKnowledge;
}

/** What stands in for something refused. */
export const PLACEHOLDER: Expression = { kind: "undefined" };

/** The offset of a node, for its `at`. */
export function at(lowering: Lowering, node: ts.Node): { readonly at: number } {
  return { at: node.getStart(lowering.source) };
}
