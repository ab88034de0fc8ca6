import { type FieldType, type FunctionType, type NamedType, unionOfTypes, type ValueType } from "../base/index.ts";
import { ts, VIRTUAL } from "./typescript.ts";

/** Types in no language's words, for those who print a Program. */
export interface ValueTypes {
  read(type: ts.Type): ValueType;
  /** The same with no name of the module in it. */
  closed(type: ts.Type): ValueType;
  /** What the function that `node` is takes and gives back; null when it is none. */
  signature(node: ts.Node): FunctionType | null;
  /** What a generic type is given: `Item` and `Kept` of a `RecordHandle<Item, Kept>`. */
  args(type: ts.Type): readonly ValueType[];
  /** What the module's own names mean that were met, by name. */
  declared(): { readonly [name: string]: ValueType };
}

/** People do not read deeper types, and a Program is stored with every run: past these a type is `unknown`. */
const MAX_DEPTH = 8;
const MAX_NODES = 400;
const MAX_ALL_NODES = 20_000;
const MAX_PARTS = 100;
const MAX_FIELDS = 200;

const UNKNOWN: ValueType = { kind: "unknown" };
const ANY: ValueType = { kind: "any" };

/** Interfaces of the vocabulary that are data or handles; whatever else it declares is told by what it is. */
const VOCABULARY: ReadonlySet<string> = new Set([
  "Approval", "Binding", "Context", "Prompt", "QueueEvent", "RawResult", "RecordContext", "RecordHandle", "ResourceEvent", "Run", "ScheduleEvent", "ServerBase", "State", "StepError", "Trigger", "WebhookEvent", "Workflow",
]);
const MAPS: ReadonlySet<string> = new Set(["Map", "ReadonlyMap"]);
const SETS: ReadonlySet<string> = new Set(["Set", "ReadonlySet"]);
const PROMISES: ReadonlySet<string> = new Set(["Promise", "PromiseLike"]);
/** Lists, and what a `match` finds, have members that are none of their data. */
const OPAQUE = /Iterator|Iterable|RegExp(?:Match|Exec)Array|^Unlearnt$|^Function$|^Date$|^Symbol$/;

/** A type that is being read: how much of it may still be told. */
interface Reading {
  left: number;
  readonly closed?: true;
}

/** `serverNamed`: the server that an export of `#servers` stands for. */
export function createValueTypes(checker: ts.TypeChecker, serverNamed: (identifier: string) => string): ValueTypes {
  const reader = new ValueTypeReader(checker, serverNamed);
  return {
    read: (type) => reader.read(type),
    closed: (type) => reader.read(type, true),
    signature: (node) => reader.signature(node),
    args: (type) => reader.args(type),
    declared: () => Object.fromEntries([...reader.declarations].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

class ValueTypeReader {
  readonly declarations = new Map<string, ValueType>();
  readonly #checker: ts.TypeChecker;
  readonly #serverNamed: (identifier: string) => string;
  #all = MAX_ALL_NODES;

  constructor(checker: ts.TypeChecker, serverNamed: (identifier: string) => string) {
    this.#checker = checker;
    this.#serverNamed = serverNamed;
  }

  read(type: ts.Type, closed = false): ValueType {
    return this.#read(type, { left: MAX_NODES, ...(closed ? { closed } : {}) }, 0);
  }

  signature(node: ts.Node): FunctionType | null {
    const [signature] = this.#checker.getTypeAtLocation(node).getCallSignatures();
    return signature === undefined ? null : this.#signature(signature, { left: MAX_NODES }, 0);
  }

  args(type: ts.Type): readonly ValueType[] {
    return this.#argsOf(type).map((arg) => this.read(arg));
  }

  #read(type: ts.Type, reading: Reading, depth: number): ValueType {
    if (depth > MAX_DEPTH || reading.left-- <= 0 || this.#all-- <= 0) return UNKNOWN;
    return this.#named(type, reading, depth) ?? this.#structure(type, reading, depth);
  }

  #named(type: ts.Type, reading: Reading, depth: number): ValueType | null {
    const symbol = type.aliasSymbol ?? (isInterface(type) ? type.getSymbol() : undefined);
    const [declaration] = symbol?.declarations ?? [];
    if (symbol === undefined || declaration === undefined) return null;
    const file = declaration.getSourceFile().fileName;
    if (file === VIRTUAL.servers) return this.#serverType(symbol.name, declaration);
    if (file === VIRTUAL.module) return reading.closed === true ? null : this.#ownType(type, symbol.name, declaration);
    if (!file.startsWith(VIRTUAL.api)) return null;
    if (symbol.name === "Json") return ANY;
    if (!VOCABULARY.has(symbol.name)) return null;
    const args = this.#argsOf(type).map((arg) => this.#read(arg, reading, depth + 1));
    return { kind: "named", from: "vocabulary", name: symbol.name, ...(args.length === 0 ? {} : { args }) };
  }

  /** `github.PullRequest`: what stands in the namespace of its server. */
  #serverType(name: string, declaration: ts.Declaration): ValueType | null {
    const module = (declaration.parent as ts.Node | undefined)?.parent;
    if (module === undefined || !ts.isModuleDeclaration(module) || !ts.isIdentifier(module.name)) return null;
    return name === "Server" ? ANY : { kind: "named", from: "server", server: this.#serverNamed(module.name.text), name };
  }

  /** A type of a function's own has no name elsewhere. */
  #ownType(type: ts.Type, name: string, declaration: ts.Declaration): ValueType | null {
    if (!ts.isSourceFile(declaration.parent)) return null;
    if (!this.declarations.has(name)) {
      this.declarations.set(name, UNKNOWN); // It may mention itself.
      this.declarations.set(name, this.#structure(type, { left: MAX_NODES }, 0));
    }
    return { kind: "named", from: "module", name };
  }

  #structure(type: ts.Type, reading: Reading, depth: number): ValueType {
    const { flags } = type;
    if (flags & ts.TypeFlags.Any) return ANY;
    if (flags & ts.TypeFlags.Unknown) return UNKNOWN;
    if (flags & ts.TypeFlags.Never) return { kind: "never" };
    if (flags & ts.TypeFlags.BooleanLiteral) return { kind: "literal", value: this.#checker.typeToString(type) === "true" };
    if (flags & ts.TypeFlags.BooleanLike) return { kind: "boolean" };
    if (type.isUnion()) return this.#union(type.types, reading, depth);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { kind: "literal", value: type.value };
    if (flags & ts.TypeFlags.StringLike) return { kind: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { kind: "number" };
    if (flags & ts.TypeFlags.Null) return { kind: "null" };
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return { kind: "undefined" };
    if (type.isIntersection()) return primitiveOf(type) ?? this.#object(type, reading, depth);
    if (flags & ts.TypeFlags.Instantiable) return this.#constraint(type, reading, depth);
    return flags & ts.TypeFlags.Object ? this.#objectType(type, reading, depth) : UNKNOWN;
  }

  #union(types: readonly ts.Type[], reading: Reading, depth: number): ValueType {
    const parts = types.slice(0, MAX_PARTS).map((part) => this.#read(part, reading, depth));
    if (types.length > MAX_PARTS) parts.push(types.every((part) => part.flags & ts.TypeFlags.StringLike) ? { kind: "string" } : UNKNOWN);
    const texts = new Set(parts.map((part) => JSON.stringify(part)));
    const both = [true, false].every((value) => texts.has(JSON.stringify({ kind: "literal", value })));
    const told = both ? [{ kind: "boolean" } as const, ...parts.filter((part) => !(part.kind === "literal" && typeof part.value === "boolean"))] : parts;
    return unionOfTypes(told.toSorted(compareParts));
  }

  #constraint(type: ts.Type, reading: Reading, depth: number): ValueType {
    const constraint = this.#checker.getBaseConstraintOfType(type);
    return constraint === undefined || constraint === type ? ANY : this.#read(constraint, reading, depth + 1);
  }

  #objectType(type: ts.Type, reading: Reading, depth: number): ValueType {
    const next = (inner: ts.Type | undefined): ValueType => (inner === undefined ? ANY : this.#read(inner, reading, depth + 1));
    if (this.#checker.isTupleType(type)) return this.#tuple(type as ts.TypeReference, next);
    if (this.#checker.isArrayType(type)) return { kind: "array", items: next(this.#argsOf(type)[0]) };
    const name = type.getSymbol()?.name ?? "";
    if (isLibrary(type)) {
      const [first, second] = this.#argsOf(type);
      if (MAPS.has(name)) return { kind: "map", key: next(first), value: next(second) };
      if (SETS.has(name)) return { kind: "set", items: next(first) };
      if (PROMISES.has(name)) return next(first);
      if (name === "RegExp") return { kind: "regexp" };
      if (OPAQUE.test(name)) return ANY;
    }
    const [signature] = type.getCallSignatures();
    return signature === undefined ? this.#object(type, reading, depth) : { kind: "function", ...this.#signature(signature, reading, depth) };
  }

  #tuple(type: ts.TypeReference, next: (inner: ts.Type) => ValueType): ValueType {
    const items = this.#argsOf(type).map(next);
    const isFixed = (type.target as ts.TupleType).elementFlags.every((flag) => flag & ts.ElementFlags.Required);
    return isFixed ? { kind: "tuple", items } : { kind: "array", items: unionOfTypes(items) };
  }

  #object(type: ts.Type, reading: Reading, depth: number): ValueType {
    const properties = this.#checker.getPropertiesOfType(type);
    if (properties.length > MAX_FIELDS || properties.some((property) => property.name.startsWith("__@"))) return ANY;
    const index = this.#checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const base = index === undefined ? this.#base(type, properties, reading, depth) : null;
    if (base !== null && base.own.length === 0) return base.type;
    const fields = (base?.own ?? properties).map((property) => this.#field(property, reading, depth));
    return { kind: "object", fields, ...(index === undefined ? {} : { index: this.#read(index.type, reading, depth + 1) }), ...(base === null ? {} : { extends: base.type }) };
  }

  /** The type with a name all of whose members an object has as they are, as `{ ...pr, size }` does, and the members that are its own; null where it is that type itself. */
  #base(type: ts.Type, properties: readonly ts.Symbol[], reading: Reading, depth: number): { readonly type: NamedType; readonly own: readonly ts.Symbol[] } | null {
    const itself: readonly ts.Node[] = type.getSymbol()?.declarations ?? [];
    const parents = new Set(properties.map((property) => property.declarations?.[0]?.parent));
    for (const parent of parents) {
      const declared = parent === undefined || itself.includes(parent) ? null : this.#declaredType(parent);
      if (declared === null) continue;
      const members = this.#checker.getPropertiesOfType(declared);
      if (members.length === 0 || !members.every((member) => this.#isSameMember(member, properties.find(({ name }) => name === member.name)))) continue;
      const named = this.#named(declared, reading, depth);
      if (named?.kind === "named") return { type: named, own: properties.filter(({ name }) => members.every((member) => member.name !== name)) };
    }
    return null;
  }

  /** The type that an interface or alias without parameters declares. */
  #declaredType(node: ts.Node): ts.Type | null {
    const declaration = ts.isTypeLiteralNode(node) ? node.parent : node;
    if (!(ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)) || declaration.typeParameters !== undefined) return null;
    const symbol = this.#checker.getSymbolAtLocation(declaration.name);
    return symbol === undefined ? null : this.#checker.getDeclaredTypeOfSymbol(symbol);
  }

  #isSameMember(member: ts.Symbol, own: ts.Symbol | undefined): boolean {
    if (own === undefined || (own.flags & ts.SymbolFlags.Optional) !== (member.flags & ts.SymbolFlags.Optional)) return false;
    return this.#checker.getTypeOfSymbol(own) === this.#checker.getTypeOfSymbol(member);
  }

  #field(property: ts.Symbol, reading: Reading, depth: number): FieldType {
    const type = this.#read(this.#checker.getTypeOfSymbol(property), reading, depth + 1);
    if (!(property.flags & ts.SymbolFlags.Optional)) return { name: property.name, type };
    return { name: property.name, optional: true, type: type.kind === "union" ? unionOfTypes(type.parts.filter((part) => part.kind !== "undefined")) : type };
  }

  #signature(signature: ts.Signature, reading: Reading, depth: number): FunctionType {
    const types = signature.parameters.map((parameter) => this.#checker.getTypeOfSymbol(parameter));
    const last = signature.parameters.at(-1)?.valueDeclaration;
    const rest = last !== undefined && ts.isParameter(last) && last.dotDotDotToken !== undefined ? types.pop() : undefined;
    const parameters = types.map((type) => this.#read(type, reading, depth + 1));
    const given = signature.getReturnType();
    return {
      parameters,
      ...(rest === undefined ? {} : { rest: this.#read(this.#checker.getIndexTypeOfType(rest, ts.IndexKind.Number) ?? rest, reading, depth + 1) }),
      result: this.#read(this.#checker.getAwaitedType(given) ?? given, reading, depth + 1),
      ...((given.isUnion() ? given.types : [given]).some((part) => PROMISES.has(part.getSymbol()?.name ?? "")) ? { waits: true as const } : {}),
    };
  }

  #argsOf(type: ts.Type): readonly ts.Type[] {
    const isReference = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    // The last ones of an interface may be its `this`.
    return isReference ? this.#checker.getTypeArguments(type as ts.TypeReference).filter((arg) => !((arg as { readonly isThisType?: boolean }).isThisType === true)) : [];
  }
}

function isInterface(type: ts.Type): boolean {
  return type.getSymbol()?.declarations?.some(ts.isInterfaceDeclaration) === true;
}

function isLibrary(type: ts.Type): boolean {
  const { api, library } = VIRTUAL;
  return type.getSymbol()?.declarations?.some((declaration) => {
    const name = declaration.getSourceFile().fileName;
    return name === library || name.startsWith(api);
  }) === true;
}

/** A branded primitive, without its brand. */
function primitiveOf(type: ts.IntersectionType): ValueType | null {
  if (type.types.some((part) => part.flags & ts.TypeFlags.StringLike)) return { kind: "string" };
  return type.types.some((part) => part.flags & ts.TypeFlags.NumberLike) ? { kind: "number" } : null;
}

/** An order of its own: the compiler's depends on what it saw before. What is absent comes last. */
function compareParts(a: ValueType, b: ValueType): number {
  const last = ["null", "undefined"];
  const rank = last.indexOf(a.kind) - last.indexOf(b.kind);
  if (rank !== 0) return rank;
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
