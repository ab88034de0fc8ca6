import type { Block, ElementPattern, Expression, LocalRef, Pattern, Spreadable, Statement, StepNode } from "../../program/index.ts";
import { waitParts } from "./wait-parts.ts";

const CHANGING: ReadonlySet<string> = new Set(["push", "set", "add", "delete"]);

/** The expressions directly inside one: not those of inner functions. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "const":
    case "undefined":
    case "regexp":
    case "local":
    case "global":
    case "function":
      return [];
    case "template":
      return node.values;
    case "object":
      return node.entries.map((entry) => entry.value);
    case "array":
      return node.items.map(expressionOf);
    case "conditional":
      return [node.test, node.then, node.otherwise];
    case "logical":
    case "binary":
      return [node.left, node.right];
    case "unary":
    case "get":
    case "chain":
    case "assign":
      return [node.value];
    case "index":
      return [node.value, node.index];
    case "method":
      return [node.value, ...node.args.map(expressionOf)];
    case "call":
      return [node.callee, ...node.args.map(expressionOf)];
    case "builtin":
      return node.args.map(expressionOf);
    default:
      return stepPartsOf(node);
  }
}

function stepPartsOf(node: StepNode): readonly Expression[] {
  switch (node.kind) {
    case "once-per-run":
    case "parallel":
    case "now":
      return [];
    case "log":
    case "own":
      return node.args;
    case "tool":
      return [node.args];
    case "resource":
      return [node.uri];
    case "call-workflow":
      return [node.inputs];
    case "start-workflow":
      return [node.key, node.inputs];
    case "ask":
      return present(node.prompt, node.maxTokens, node.model);
    case "prompt":
      return present(node.name, node.args);
    case "pages":
      return present(node.args, node.max, node.until);
    case "once":
      return present(node.key, node.window);
    case "record":
      return present(node.value);
    case "each":
      return present(node.items, node.key, node.parallel, node.fn);
    case "state":
      return present(node.key, node.value);
    default:
      return waitParts(node);
  }
}

function present(...nodes: readonly (Expression | undefined)[]): readonly Expression[] {
  return nodes.filter((node) => node !== undefined);
}

/** What is evaluated of an element, spread or not. */
export function expressionOf(item: Spreadable<Expression>): Expression {
  return "spread" in item ? item.spread : item;
}

/** The locals that evaluating these expressions may assign, or change by a method: what a plan joins after both ways. */
export function changesOf(nodes: readonly Expression[]): readonly LocalRef[] {
  const found = new Map<string, LocalRef>();
  const note = ({ up, slot }: LocalRef): void => void found.set(`${up}:${slot}`, { up, slot });
  const visit = (node: Expression): void => {
    if (node.kind === "assign") note(node.target);
    if (node.kind === "method" && CHANGING.has(node.name) && node.value.kind === "local") note(node.value);
    partsOf(node).forEach(visit);
  };
  nodes.forEach(visit);
  return [...found.values()];
}

/** How many nodes evaluating an expression may visit, inner functions not counted. */
export function costOf(node: Expression): number {
  return partsOf(node).reduce((sum, part) => sum + costOf(part), 1);
}

/** The same for statements; the body of a loop is counted by each turn. */
export function costOfBlock(block: Block): number {
  return block.reduce((sum, statement) => sum + costOfStatement(statement), 1);
}

function costOfStatement(statement: Statement): number {
  switch (statement.kind) {
    case "declare":
    case "expression":
    case "throw":
      return 1 + costOf(statement.value);
    case "if":
      return 1 + costOf(statement.test) + costOfBlock(statement.then) + costOfBlock(statement.otherwise);
    case "for-of":
      return 1 + costOf(statement.items);
    case "return":
      return 1 + (statement.value === undefined ? 0 : costOf(statement.value));
    case "try":
      return 1 + costOfBlock(statement.body) + costOfBlock(statement.handler);
    case "block":
      return costOfBlock(statement.body);
    case "break":
    case "continue":
      return 1;
  }
}

/** The fallbacks in a pattern: they are evaluated where it is bound. */
export function fallbacksOf(pattern: Pattern): readonly Expression[] {
  switch (pattern.kind) {
    case "bind":
      return [];
    case "object":
      return pattern.properties.flatMap(elementFallbacks);
    case "array":
      return [...pattern.elements.flatMap((element) => (element === null ? [] : elementFallbacks(element))), ...(pattern.rest === undefined ? [] : fallbacksOf(pattern.rest))];
  }
}

function elementFallbacks(element: ElementPattern): readonly Expression[] {
  return [...(element.fallback === undefined ? [] : [element.fallback]), ...fallbacksOf(element.pattern)];
}
