import type { Block, Expression, Statement } from "../../program/index.ts";
import { printFunction } from "./callbacks.ts";
import type { Kind } from "./frames.ts";
import { VALUES } from "./library.ts";
import { isCount, isOfMap, isPairs, isTextOrAbsent, kindOf } from "./kinds.ts";
import { asItems } from "./comprehensions.ts";
import { argumentOf, printPossible, spreadItems } from "./members.ts";
import { assignedValue, printCondition } from "./operators.ts";
import { itemName, takeItemName } from "./naming.ts";
import { pairNames } from "./parameters.ts";
import { printKnownParts, printPattern } from "./patterns.ts";
import { declareSlot, library, type Printing, slotOf, withFrame } from "./printing.ts";
import { call, name, namesIn, type PyArgument, type PyExpression, type PyStatement } from "./tree.ts";

type Of<K extends Statement["kind"]> = Extract<Statement, { readonly kind: K }>;

/** Statements in order, with the comments that stand between them. */
export function printBlock(p: Printing, block: Block): readonly PyStatement[] {
  return p.names.scoped(() => block.flatMap((statement, index) => {
    const leading = p.comments.before(statement.at);
    const printed = withPrelude(p, () => printStatement(p, statement));
    const note = isSimple(statement) ? p.comments.behind(statement.at, block[index + 1]?.at) : undefined;
    const last = printed.at(-1);
    return [...leading, ...(note === undefined || last === undefined ? printed : [...printed.slice(0, -1), { ...last, note }])];
  }));
}

function isSimple(statement: Statement): boolean {
  return !["if", "for-of", "try", "block"].includes(statement.kind);
}

/** What a statement needs, then the statement. */
function withPrelude(p: Printing, print: () => readonly PyStatement[]): readonly PyStatement[] {
  const outer = p.before;
  p.before = [];
  try {
    const printed = print();
    return [...p.before, ...printed];
  } finally {
    p.before = outer;
  }
}

function printStatement(p: Printing, s: Statement): readonly PyStatement[] {
  switch (s.kind) {
    case "declare": return declare(p, s);
    case "expression": return effect(p, s.value);
    case "if": return [{ kind: "if", test: printCondition(p, s.test), then: printBlock(p, s.then), otherwise: printBlock(p, s.otherwise) }];
    case "for-of": return loop(p, s);
    case "break": case "continue": return [{ kind: s.kind }];
    case "return": return returned(p, s);
    case "throw": return thrown(p, s.value);
    case "try": return [attempt(p, s)];
    case "block": return printBlock(p, s.body);
  }
}

function declare(p: Printing, s: Of<"declare">): readonly PyStatement[] {
  if (s.value.kind === "function" && s.pattern.kind === "bind") {
    const slot = declareSlot(p, s.pattern.slot);
    slot.helper = s.value.fn;
    return [printFunction(p, s.value.fn, slot.name)];
  }
  if (s.pattern.kind === "bind" && s.value.kind === "logical" && s.value.operator === "??" && isFailing(s.value.right)) {
    const { value, isAbsent } = printPossible(p, s.value.left);
    const own = declareSlot(p, s.pattern.slot, isTextOrAbsent(p, s.value.left) ? "string" : kindOf(p, s.value.left)).name;
    const raised = s.value.right;
    return [{ kind: "assign", targets: [own], value }, { kind: "if", test: isAbsent(name(own)), then: withPrelude(p, () => thrown(p, raised)), otherwise: [] }];
  }
  const value = printFilling(p, s);
  if (s.pattern.kind === "bind" && p.frame?.usage.assigned.has(s.pattern.slot) === false && isCount(p, s.value)) Object.assign(declareSlot(p, s.pattern.slot, "number"), { count: true });
  const printed = printAnswer(p, s, value) ?? printPattern(p, s.pattern, value, kindOf(p, s.value));
  const [only] = printed;
  if (s.pattern.kind !== "bind" || only?.kind !== "assign") return printed;
  // What is pushed may be another kind of number than those that it begins with.
  if (!saysLittle(value) && !(value.kind === "list" && p.frame?.usage.pushed.has(s.pattern.slot) === true)) return printed;
  const annotation = p.types.local(p.frame?.at, s.pattern.slot);
  return annotation === undefined ? printed : [{ ...only, annotation }];
}

/** A value, called as the variable that it is for where it needs a name. */
function printFilling(p: Printing, s: Of<"declare">): PyExpression {
  const { filled } = p;
  p.filled = s.pattern.kind === "bind" ? { name: p.frame?.names[s.pattern.slot] ?? "value", by: s.value } : null;
  const value = p.expression(s.value);
  p.filled = filled;
  return value;
}

/** What a person or branches answered, or a handler has caught, taken apart: it is known what is there. */
function printAnswer(p: Printing, s: Of<"declare">, value: PyExpression): readonly PyStatement[] | null {
  if (s.value.kind === "local" && slotOf(p, s.value).raised !== undefined) return printKnownParts(p, s.pattern, value, "error", CAUGHT);
  if (s.value.kind === "approve") return printKnownParts(p, s.pattern, value, "approval", APPROVAL);
  return s.value.kind === "parallel" ? printKnownParts(p, s.pattern, value, "answers", new Map(s.value.branches.map((branch) => [branch.name, "any"]))) : null;
}

/** What is always there of what was caught. */
const CAUGHT: ReadonlyMap<string, Kind> = new Map([["code", "string"], ["message", "string"]]);

/** What is always there of what a person answered. */
const APPROVAL: ReadonlyMap<string, Kind> = new Map([["outcome", "string"], ["by", "any"], ["at", "any"]]);

/** Whether Python could not infer what a value is for: an empty one, one that is absent so far, or an object, which would be any mapping. */
export function saysLittle(value: PyExpression): boolean {
  switch (value.kind) {
    case "dict": return true;
    case "name": return value.name === VALUES.undefined;
    case "literal": return value.text === "None";
    case "list": return value.items.every(saysLittle);
    case "comprehension": return saysLittle(value.element);
    case "conditional": return saysLittle(value.then) || saysLittle(value.otherwise);
    case "call": return value.callee.kind === "name" && callSaysLittle(value.callee.name, value.args[0]);
    default: return false;
  }
}

/** An empty map or set, and what gives the items that it is given. */
function callSaysLittle(callee: string, first: PyArgument | undefined): boolean {
  if (first === undefined) return callee === "new_map" || callee === "new_set";
  return SAME_ITEMS.has(callee) && first.kind === "positional" && saysLittle(first.value);
}

const SAME_ITEMS: ReadonlySet<string> = new Set(["filter_list", "to_sorted", "sorted_by", "sorted_by_number", "to_reversed", "slice_of", "group_by"]);

/** `?? fail(…)`. */
function isFailing(e: Expression): e is Extract<Expression, { readonly kind: "builtin" }> {
  return e.kind === "builtin" && e.name === "fail";
}

/** A statement that is only an expression. */
function effect(p: Printing, e: Expression): readonly PyStatement[] {
  if (e.kind === "assign") {
    const { name: own, value } = assignedValue(p, e);
    return [{ kind: "assign", targets: [own], value }];
  }
  if (isFailing(e)) return thrown(p, e);
  if (e.kind === "method" && e.name === "push" && e.on === "array" && e.optional !== true) {
    const [only, ...more] = e.args;
    if (only !== undefined && more.length === 0 && !("spread" in only)) {
      const list = p.expression(e.value);
      return [{ kind: "expression", value: call({ kind: "attribute", value: list, name: "append" }, p.expression(only)) }];
    }
  }
  return [{ kind: "expression", value: p.expression(e) }];
}

function returned(p: Printing, s: Of<"return">): readonly PyStatement[] {
  if (s.value === undefined) {
    p.returned?.push("undefined");
    return [{ kind: "return", value: library(VALUES.undefined) }];
  }
  if (isFailing(s.value)) return thrown(p, s.value);
  const value = p.expression(s.value);
  p.returned?.push(kindOf(p, s.value));
  return answerFirst(p, value);
}

/** What is looked for in an answer that comes before all else gets a line of its own: `return (await get_issue(…))["state"]`. */
function answerFirst(p: Printing, value: PyExpression): readonly PyStatement[] {
  const answer = awaitedFirst(value);
  if (answer === null) return [{ kind: "return", value }];
  const own = p.names.take(answerName(answer));
  return [{ kind: "assign", targets: [own], value: answer }, { kind: "return", value: replaced(value, answer, name(own)) }];
}

/** The answer of which a part is taken before anything else happens. */
function awaitedFirst(value: PyExpression, isPart = false): PyExpression | null {
  switch (value.kind) {
    case "await": return isPart ? value : null;
    case "subscript": return awaitedFirst(value.value, true);
    case "binary": return awaitedFirst(value.left);
    default: return null;
  }
}

function replaced(value: PyExpression, answer: PyExpression, by: PyExpression): PyExpression {
  if (value === answer) return by;
  if (value.kind === "subscript") return { ...value, value: replaced(value.value, answer, by) };
  return value.kind === "binary" ? { ...value, left: replaced(value.left, answer, by) } : value;
}

/** `get_issue` gives an issue; what says less, an answer. */
function answerName(answer: PyExpression): string {
  const callee = answer.kind === "await" && answer.value.kind === "call" ? answer.value.callee : answer;
  const [, noun = "answer"] = (callee.kind === "attribute" ? /^(?:get|read|fetch|find)_([a-z]\w*)$/i.exec(callee.name) : null) ?? [];
  return noun;
}

function thrown(p: Printing, e: Expression): readonly PyStatement[] {
  const raised = e.kind === "local" ? slotOf(p, e).raised : undefined;
  if (isFailing(e)) return [{ kind: "raise", value: { kind: "call", callee: library(VALUES.fail), args: e.args.map((one) => argumentOf(p, one)) } }];
  if (raised !== undefined) return [raised === p.caught ? { kind: "raise" } : { kind: "raise", value: name(raised) }];
  return [{ kind: "raise", value: p.expression(e) }];
}

function loop(p: Printing, s: Of<"for-of">): readonly PyStatement[] {
  // `map.entries()` goes through the map as the map itself does.
  const over = s.items.kind === "method" && s.items.name === "entries" && kindOf(p, s.items.value) === "map" ? s.items.value : s.items;
  const kind = kindOf(p, over);
  // What is put into a map or set meanwhile is come to.
  const items = kind === "map" || kind === "set" ? p.expression(over) : spreadItems(p, over);
  const wanted = itemName(p, over);
  const pairsIn = kind === "map" ? (isStill(s.body) ? call({ kind: "attribute", value: items, name: "items" }) : items) : !isPairs(p, over) ? null : isOfMap(p, over) ? asItems(items) : items;
  return withFrame(p, s.at, s.slots, [s.pattern, s.body], () => p.names.scoped(() => {
    if (s.pattern.kind === "bind") {
      const target = declareSlot(p, s.pattern.slot).name;
      return [{ kind: "for", site: s.loop, target, items, body: printBlock(p, s.body) }];
    }
    const names = pairsIn === null ? null : pairNames(p, s.pattern);
    if (names !== null) return [{ kind: "for", site: s.loop, target: names, items: pairsIn ?? items, body: printBlock(p, s.body) }];
    const target = takeItemName(p, wanted);
    const taken = withPrelude(p, () => printPattern(p, s.pattern, name(target), "any"));
    return [{ kind: "for", site: s.loop, target, items, body: [...taken, ...printBlock(p, s.body)] }];
  }));
}

/** Whether nothing that may stand in a loop changes what it goes through: it does not wait, calls no helper, and puts nothing anywhere. */
function isStill(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return true;
  if (Array.isArray(node)) return node.every(isStill);
  const known = node as Expression;
  if (known.kind === "call" || (known.kind === "method" && CHANGES.has(known.name)) || ("site" in known && known.kind !== "log" && known.kind !== "now")) return false;
  return Object.values(node).every(isStill);
}

const CHANGES: ReadonlySet<string> = new Set(["set", "add", "delete", "push"]);

function attempt(p: Printing, s: Of<"try">): PyStatement {
  const body = printBlock(p, s.body);
  return p.names.scoped(() => {
    const failure = library(VALUES.failure);
    const except = failure.kind === "name" ? failure.name : "Exception";
    const { parameter } = s;
    const handler = (caught: string | null): readonly PyStatement[] => {
      const outer = p.caught;
      p.caught = caught;
      const printed = printBlock(p, s.handler);
      p.caught = outer;
      return printed;
    };
    if (parameter === undefined || (parameter.kind === "bind" && (p.frame?.usage.reads[parameter.slot] ?? 0) === 0)) return { kind: "try", body, except, handler: handler(null) };
    const raised = p.names.take("failure");
    const own = parameter.kind === "bind" ? declareSlot(p, parameter.slot, "object") : null;
    if (own !== null) own.raised = raised;
    const seen = call(library(VALUES.caught), name(raised));
    const apart = own === null ? withPrelude(p, () => printKnownParts(p, parameter, seen, "error", CAUGHT) ?? printPattern(p, parameter, seen, "object")) : [];
    const printed = handler(raised);
    const taken = own === null ? apart : namesIn(printed).has(own.name) ? [{ kind: "assign" as const, targets: [own.name], value: seen }] : [];
    const whole = [...taken, ...printed];
    return { kind: "try", body, except, ...(namesIn(whole).has(raised) ? { as: raised } : {}), handler: whole };
  });
}
