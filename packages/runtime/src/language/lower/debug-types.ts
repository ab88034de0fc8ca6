import type { ValueType } from "../../base/index.ts";
import type { Pattern, ProgramTypes } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import type { ModuleParts } from "./module.ts";

/** Keeps the type of a local that another language could not infer: one that changes, that begins empty, or of which the text says what it is. */
export function noteLocalType(l: Lowering, node: ts.VariableDeclaration, declared: "const" | "let", pattern: Pattern): void {
  const { frame } = l.scope;
  if (pattern.kind !== "bind" || frame === null) return;
  const saysLittle = declared === "let" || node.type !== undefined || (node.initializer !== undefined && saysNothing(node.initializer));
  if (!saysLittle) return;
  const types = l.localTypes.get(frame.names) ?? new Map<number, ValueType>();
  l.localTypes.set(frame.names, types.set(pattern.slot, l.facts.valueType(node.name)));
}

/** Literals with nothing in them, `as`, and whatever makes objects. What is written out says what it holds, but for its empty parts. */
function saysNothing(node: ts.Expression): boolean {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return true;
  const inner = unwrap(node);
  return ts.isArrayLiteralExpression(inner) || ts.isNewExpression(inner) || inner.kind === ts.SyntaxKind.NullKeyword || makesObjects(inner);
}

/** Whether an object is written out in it, or in what a method of a list is given. */
function makesObjects(node: ts.Node): boolean {
  if (ts.isObjectLiteralExpression(node)) return true;
  return !ts.isAwaitExpression(node) && ts.forEachChild(node, (child) => makesObjects(child) || undefined) === true;
}

/** The types of a workflow. `body` is the function that is given the context. */
export function workflowTypes(l: Lowering, parts: ModuleParts, body: ts.Expression): ProgramTypes {
  const given = l.facts.expectedParameter(body);
  const types = moduleTypes(l, parts);
  return given === null ? types : { ...types, context: { inputs: given.field("inputs"), event: given.field("event") }, declared: l.facts.declaredTypes() };
}

/** The types of a module, those of a profile too. */
export function moduleTypes(l: Lowering, parts: ModuleParts): ProgramTypes {
  const handles = handleTypes(l);
  const records = parts.records.map((_, index) => handles.get(`record ${index}`) ?? []);
  const types: Omit<ProgramTypes, "declared"> = {
    records: records.map(([item = ANY, kept = ANY]) => ({ item, kept })),
    states: parts.states.map((_, index) => handles.get(`state ${index}`)?.[0] ?? ANY),
    globals: globalTypes(l, parts),
    functions: Object.fromEntries(l.scope.functions.flatMap(({ node, source }) => {
      const signature = l.facts.signature(source);
      return signature === null || node.at === undefined ? [] : [[String(node.at), signature]];
    })),
    locals: Object.fromEntries(Object.entries(l.names).flatMap(([at, names]) => {
      const known = l.localTypes.get(names);
      return known === undefined ? [] : [[at, Object.fromEntries([...known].map(([slot, type]) => [String(slot), type]))]];
    })),
  };
  return { ...types, declared: l.facts.declaredTypes() };
}

const ANY: ValueType = { kind: "any" };

/** What records and states are made of, by kind and index. */
function handleTypes(l: Lowering): ReadonlyMap<string, readonly ValueType[]> {
  const handles = new Map<string, readonly ValueType[]>();
  for (const [symbol, named] of l.scope.named) {
    const declaration = symbol.valueDeclaration;
    if ((named.kind === "record" || named.kind === "state") && declaration !== undefined) handles.set(`${named.kind} ${named.index}`, l.facts.typeArguments(declaration));
  }
  return handles;
}

/** The names of a top-level pattern stand behind what it takes apart. */
function globalTypes(l: Lowering, parts: ModuleParts): readonly (ValueType | null)[] {
  const types = parts.globals.map((): ValueType | null => null);
  for (const [symbol, named] of l.scope.named) {
    if (named.kind === "global" && named.helper === undefined && symbol.valueDeclaration !== undefined && named.index < types.length) types[named.index] = l.facts.valueType(symbol.valueDeclaration);
  }
  return types;
}
