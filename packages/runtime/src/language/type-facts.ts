import type { FunctionType, ValueType } from "../base/index.ts";
import type { Receiver } from "../program/index.ts";
import { typeText } from "./type-text.ts";
import { createValueTypes, type ValueTypes } from "./value-types.ts";
import { ts, VIRTUAL } from "./typescript.ts";

/** What a value can be, as far as its type says. `never` has none of these. */
export type Kind =
  | "string" | "number" | "boolean" | "null" | "undefined" | "array" | "map" | "set" | "regexp" | "function" | "object" | "iterator" | "promise" | "unlearnt" | "any" | "other";

/** Questions about types, in our words. */
export interface TypeFacts {
  kinds(node: ts.Node): ReadonlySet<Kind>;
  /** What a receiver or operand is; null and undefined aside. */
  receiver(node: ts.Node): Receiver;
  isPromise(node: ts.Node): boolean;
  /** What calling the function that `node` is gives back; empty when it is none. */
  returned(node: ts.Node): ReadonlySet<Kind>;
  /** The type of what calling the function gives back, closed in itself. */
  returnedText(node: ts.Node): string;
  /** The type of the items of the list that the function gives back. */
  returnedItemText(node: ts.Node): string;
  /** The same two in no language's words. */
  returnedType(node: ts.Node): ValueType;
  returnedItemType(node: ts.Node): ValueType;
  /** The type of a value in no language's words, and what the function that `node` is takes and gives; see {@link ValueTypes}. */
  valueType(node: ts.Node): ValueType;
  signature(node: ts.Node): FunctionType | null;
  /** The types that a call of the vocabulary is given or makes up: `RecordHandle<Item, Kept>`. */
  typeArguments(node: ts.Node): readonly ValueType[];
  /** What the place where a function stands would give it first. */
  expectedParameter(node: ts.Expression): { field(name: string): ValueType } | null;
  declaredTypes(): ReturnType<ValueTypes["declared"]>;
  /** What the elements of a list (or parts of a union of lists) are. */
  elements(node: ts.Node): ReadonlySet<Kind>;
  /** A type with exactly one value. */
  isLiteral(node: ts.Node): boolean;
  /** Whether the type, or a part of its union, is the vocabulary's interface of this name. */
  isNamed(node: ts.Node, name: string): boolean;
  /** The tool whose unlearnt result `node` is, when its type tells. */
  unlearntName(node: ts.Node): string | null;
  /** Whether what a tool gives for these arguments was seen, so that of it only what lists had in them was not. */
  isSeen(tool: ts.Expression, args: ts.Expression | undefined): boolean;
  /** Whether the member that `node` names is no optional one, of whatever is there. */
  isAlwaysThere(node: ts.Node): boolean;
  /** The same of a member of what `node` takes apart. */
  isAlwaysIn(node: ts.ObjectBindingPattern, name: string): boolean;
  /** What an identifier stands for, through shorthand properties; an alias is not followed. */
  symbol(node: ts.Identifier): ts.Symbol | undefined;
  /** The names that the module behind an import's specifier exports. */
  exportedNames(specifier: ts.Expression): readonly string[];
}

const BY_NAME: Readonly<Record<string, Kind>> = {
  Map: "map", ReadonlyMap: "map", Set: "set", ReadonlySet: "set", RegExp: "regexp", Promise: "promise", PromiseLike: "promise", Unlearnt: "unlearnt",
  MapIterator: "iterator", SetIterator: "iterator", ArrayIterator: "iterator", StringIterator: "iterator", RegExpStringIterator: "iterator", IteratorObject: "iterator", IterableIterator: "iterator", Iterator: "iterator",
};
const RECEIVERS: ReadonlySet<string> = new Set<Receiver>(["string", "number", "boolean", "array", "map", "set", "regexp", "object"]);

/** Asks `checker` in our words. `serverNamed`: the server that an export of `#servers` stands for. */
export function createTypeFacts(checker: ts.TypeChecker, serverNamed: (identifier: string) => string = (identifier) => identifier): TypeFacts {
  const types = createValueTypes(checker, serverNamed);
  const known = new Map<ts.Node, ReadonlySet<Kind>>();
  const kindsOf = (type: ts.Type): ReadonlySet<Kind> => {
    const into = new Set<Kind>();
    collect(checker, type, into, 0);
    return into;
  };
  const kinds = (node: ts.Node): ReadonlySet<Kind> => {
    let found = known.get(node);
    if (found === undefined) known.set(node, (found = kindsOf(checker.getTypeAtLocation(node))));
    return found;
  };
  return {
    kinds,
    receiver: (node) => {
      const rest = [...kinds(node)].filter((kind) => kind !== "null" && kind !== "undefined");
      const only = rest.length === 1 ? rest[0] : undefined;
      return only !== undefined && RECEIVERS.has(only) ? (only as Receiver) : "any";
    },
    isPromise: (node) => kinds(node).has("promise"),
    returned: (node) => {
      const signatures = checker.getTypeAtLocation(node).getCallSignatures();
      return new Set(signatures.flatMap((signature) => [...kindsOf(signature.getReturnType())]));
    },
    returnedText: (node) => typeText(checker, returnType(checker, node)),
    returnedItemText: (node) => typeText(checker, checker.getIndexTypeOfType(returnType(checker, node), ts.IndexKind.Number) ?? checker.getAnyType()),
    ...printedFacts(checker, types),
    elements: (node) => {
      const type = checker.getTypeAtLocation(node);
      const parts = type.isUnion() ? type.types : [type];
      return new Set(parts.flatMap((part) => [...elementKinds(checker, part, kindsOf)]));
    },
    isLiteral: (node) => (checker.getTypeAtLocation(node).flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral)) !== 0,
    isNamed: (node, name) => {
      const type = checker.getTypeAtLocation(node);
      return (type.isUnion() ? type.types : [type]).some((part) => (part.symbol as ts.Symbol | undefined)?.name === name && isLibrary(part.symbol));
    },
    unlearntName: (node) => {
      const type = checker.getTypeAtLocation(node);
      for (const part of type.isUnion() ? type.types : [type]) {
        const name = (part.symbol as ts.Symbol | undefined)?.name === "Unlearnt" ? checker.getTypeArguments(part as ts.TypeReference)[0] : undefined;
        if (name?.isStringLiteral() === true) return name.value;
      }
      return null;
    },
    isSeen: (tool, args) => {
      const result = resultOf(checker, tool, args);
      return result !== null && !kindsOf(result).has("unlearnt");
    },
    isAlwaysThere: (node) => isNeverLeftOut(checker.getSymbolAtLocation(node)),
    isAlwaysIn: (node, name) => isNeverLeftOut(checker.getPropertyOfType(checker.getTypeAtLocation(node), name)),
    symbol: (node) => (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node)),
    exportedNames: (specifier) => {
      const module = checker.getSymbolAtLocation(specifier);
      return module === undefined ? [] : checker.getExportsOfModule(module).map((exported) => exported.name);
    },
  };
}

type PrintedFacts = Pick<TypeFacts, "returnedType" | "returnedItemType" | "valueType" | "signature" | "typeArguments" | "expectedParameter" | "declaredTypes">;

/** What only those ask who print a Program. */
function printedFacts(checker: ts.TypeChecker, types: ValueTypes): PrintedFacts {
  return {
    returnedType: (node) => types.closed(returnType(checker, node)),
    returnedItemType: (node) => types.closed(checker.getIndexTypeOfType(returnType(checker, node), ts.IndexKind.Number) ?? checker.getAnyType()),
    valueType: (node) => types.read(checker.getTypeAtLocation(node)),
    signature: (node) => types.signature(node),
    typeArguments: (node) => types.args(checker.getTypeAtLocation(node)),
    expectedParameter: (node) => {
      const parameter = checker.getContextualType(node)?.getCallSignatures()[0]?.parameters[0];
      const type = parameter === undefined ? undefined : checker.getTypeOfSymbol(parameter);
      if (type === undefined) return null;
      return {
        field: (name) => {
          const property = checker.getPropertyOfType(type, name);
          return property === undefined ? { kind: "any" } : types.read(checker.getTypeOfSymbol(property));
        },
      };
    },
    declaredTypes: () => types.declared(),
  };
}

/** What a tool gives for such arguments: of the first of its cases that takes them. */
function resultOf(checker: ts.TypeChecker, tool: ts.Expression, args: ts.Expression | undefined): ts.Type | null {
  const given = args === undefined ? undefined : checker.getTypeAtLocation(args);
  const type = checker.getTypeAtLocation(tool);
  const cases = (type.isIntersection() ? type.types : [type]).filter(isReference).map((one) => checker.getTypeArguments(one));
  return cases.find(([takes]) => takes !== undefined && (given === undefined || checker.isTypeAssignableTo(given, takes)))?.[1] ?? null;
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return (type.flags & ts.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
}

function returnType(checker: ts.TypeChecker, node: ts.Node): ts.Type {
  return checker.getTypeAtLocation(node).getCallSignatures()[0]?.getReturnType() ?? checker.getAnyType();
}

function elementKinds(checker: ts.TypeChecker, type: ts.Type, kindsOf: (type: ts.Type) => ReadonlySet<Kind>): ReadonlySet<Kind> {
  const element = checker.isArrayType(type) || checker.isTupleType(type) ? checker.getIndexTypeOfType(type, ts.IndexKind.Number) : undefined;
  return element === undefined ? new Set<Kind>(["any"]) : kindsOf(element);
}

function collect(checker: ts.TypeChecker, type: ts.Type, into: Set<Kind>, depth: number): void {
  const { flags } = type;
  if (depth > 20 || flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) into.add("any");
  else if (flags & ts.TypeFlags.Never) return;
  else if (type.isUnion()) for (const part of type.types) collect(checker, part, into, depth + 1);
  else if (flags & ts.TypeFlags.StringLike) into.add("string");
  else if (flags & ts.TypeFlags.NumberLike) into.add("number");
  else if (flags & ts.TypeFlags.BooleanLike) into.add("boolean");
  else if (flags & ts.TypeFlags.Null) into.add("null");
  else if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) into.add("undefined");
  else if (type.isIntersection()) collectIntersection(checker, type, into, depth);
  else if (flags & ts.TypeFlags.Instantiable) collectConstraint(checker, type, into, depth);
  else if (flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)) into.add(objectKind(checker, type));
  else into.add("other");
}

function collectConstraint(checker: ts.TypeChecker, type: ts.Type, into: Set<Kind>, depth: number): void {
  const constraint = checker.getBaseConstraintOfType(type);
  if (constraint === undefined || constraint === type) into.add("any");
  else collect(checker, constraint, into, depth + 1);
}

/** A branded primitive is that primitive; of objects the most telling part counts. */
function collectIntersection(checker: ts.TypeChecker, type: ts.IntersectionType, into: Set<Kind>, depth: number): void {
  const parts = new Set<Kind>();
  for (const part of type.types) collect(checker, part, parts, depth + 1);
  const telling = (["string", "number", "boolean", "any", "function", "array", "map", "set", "regexp", "promise"] as const).find((kind) => parts.has(kind));
  into.add(telling ?? "object");
}

function objectKind(checker: ts.TypeChecker, type: ts.Type): Kind {
  if (checker.isArrayType(type) || checker.isTupleType(type)) return "array";
  const symbol = type.getSymbol();
  const kind = symbol !== undefined && Object.hasOwn(BY_NAME, symbol.name) && isLibrary(symbol) ? BY_NAME[symbol.name] : undefined;
  if (kind !== undefined) return kind;
  // The list that `match` gives: an array with more on it.
  if (symbol !== undefined && (symbol.name === "RegExpMatchArray" || symbol.name === "RegExpExecArray")) return "array";
  return type.getCallSignatures().length > 0 ? "function" : "object";
}

/** A member that no value of its type may lack. */
function isNeverLeftOut(symbol: ts.Symbol | undefined): boolean {
  return symbol !== undefined && (symbol.flags & (ts.SymbolFlags.Optional | ts.SymbolFlags.Signature)) === 0 && (symbol.flags & ts.SymbolFlags.Property) !== 0;
}

/** Declared by TypeScript's libraries or by the vocabulary, not by the module or a server. */
function isLibrary(symbol: ts.Symbol): boolean {
  return symbol.declarations?.some((declaration) => {
    const name = declaration.getSourceFile().fileName;
    return name !== VIRTUAL.module && name !== VIRTUAL.servers;
  }) === true;
}
