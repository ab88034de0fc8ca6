import { ts, VIRTUAL } from "./typescript.ts";

/** Says what TypeScript does not say of one of its faults; null where it says enough. */
export type TypeHints = (fault: ts.Diagnostic) => string | null;

/** A namespace has no such type, without and with a guess. */
const NO_SUCH_TYPE: ReadonlySet<number> = new Set([2694, 2724]);
/** Names of types that one hint shows. */
const MOST_NAMES = 6;

/**
 * Hints for faults whose cause is not in the text: what a record gives its callbacks, and what the generated types are
 * called. Each is told once: one cause has many places.
 */
export function createTypeHints(source: ts.SourceFile, checker: ts.TypeChecker): TypeHints {
  const told = new Set<string>();
  return ({ code, start = 0 }) => {
    const node = innermost(source, start);
    const hint = NO_SUCH_TYPE.has(code) ? namesHint(node, checker) : callbackHint(node, source, checker);
    if (hint === null || told.has(hint)) return null;
    told.add(hint);
    return hint;
  };
}

function innermost(node: ts.Node, at: number): ts.Node {
  const inside = ts.forEachChild(node, (child) => (child.pos <= at && at < child.end ? child : undefined));
  return inside === undefined ? node : innermost(inside, at);
}

/** The types of a server that are called most like the one that is asked for. */
function namesHint(node: ts.Node, checker: ts.TypeChecker): string | null {
  const named = node.parent;
  if (!ts.isIdentifier(node) || !ts.isQualifiedName(named)) return null;
  const imported = checker.getSymbolAtLocation(named.left);
  const server = imported !== undefined && imported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(imported) : imported;
  if (server?.declarations?.some((one) => one.getSourceFile().fileName === VIRTUAL.servers) !== true) return null;
  const all = checker.getExportsOfModule(server).map(({ name }) => name).filter((name) => name !== "Server");
  const names = all.map((name) => ({ name, like: alike(name, node.text) })).toSorted((a, b) => b.like - a.like).slice(0, MOST_NAMES).map(({ name }) => `${named.left.getText()}.${name}`);
  return names.length === 0 ? null : `${all.length > names.length ? "Nearest" : "There are"}: ${names.join(", ")}.`;
}

/** How much of two names is the same, from 0 to 1: the share of pairs of letters that both have. */
function alike(a: string, b: string): number {
  const [ours, theirs] = [pairsOf(a), pairsOf(b)];
  return (2 * [...ours].filter((pair) => theirs.has(pair)).length) / Math.max(1, ours.size + theirs.size);
}

function pairsOf(name: string): ReadonlySet<string> {
  const letters = name.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2)));
}

/** What the record's callback around a place is given, and whose type its parameter has to be told. */
function callbackHint(node: ts.Node, source: ts.SourceFile, checker: ts.TypeChecker): string | null {
  const callback = callbackAround(node, checker);
  if (callback === null) return null;
  if (ts.isIdentifier(node) && isUntyped(node, callback, checker)) {
    const [first = "…", ...others] = typesMet(source, checker).slice(0, MOST_NAMES);
    return `Write its type: \`(${node.text}: ${first}) => …\`.${others.length === 0 ? "" : ` The tools that are called here also give ${others.join(", ")}.`}`;
  }
  const list = callback.name === "find" ? noListHint(callback.fn, checker) : null;
  if (list !== null) return list;
  const names = WITHOUT_KEPT.has(callback.name) ? [callback.name] : [...new Set([callback.name, "keep"])];
  const both = callback.name === "keep" ? " What it gets is either, so only what both have is there." : "";
  return `A record gives ${names.map((name) => `\`${name}\` ${callback.given(name)}`).join(", ")}.${both}`;
}

/** A search whose answer holds the list, and is none. */
function noListHint(fn: ts.Node, checker: ts.TypeChecker): string | null {
  const [signature] = checker.getTypeAtLocation(fn).getCallSignatures();
  const found = signature === undefined ? undefined : checker.getAwaitedType(signature.getReturnType());
  if (found === undefined || checker.isArrayLikeType(found) || (found.flags & ts.TypeFlags.Object) === 0) return null;
  const lists = found.getProperties().filter((member) => checker.isArrayLikeType(checker.getTypeOfSymbol(member))).map(({ name }) => name);
  return `\`find\` gives a list of what it found.${lists.map((name, at) => `${at === 0 ? " What it gives now holds one" : " or"}: \`(await …).${name}\``).join("")}${lists.length === 0 ? "" : "."}`;
}

/** The callbacks that nothing of `keep` comes to. */
const WITHOUT_KEPT: ReadonlySet<string> = new Set(["identity", "find", "create", "same"]);

/** A parameter of the callback itself whose type nothing tells. */
function isUntyped(node: ts.Identifier, { fn }: Callback, checker: ts.TypeChecker): boolean {
  const parameter = checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (parameter === undefined || !ts.isParameter(parameter) || parameter.type !== undefined || parameter.parent !== fn) return false;
  return (checker.getTypeAtLocation(parameter).flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) !== 0;
}

interface Callback {
  readonly name: string;
  readonly fn: ts.Node;
  /** The parameters of the callback of that name, as the vocabulary declares them. */
  given(name: string): string;
}

function callbackAround(node: ts.Node, checker: ts.TypeChecker): Callback | null {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    // What it gives is told at its name.
    if (!ts.isPropertyAssignment(parent) || (parent.initializer !== at && parent.name !== at) || !ts.isIdentifier(parent.name) || !ts.isArrowFunction(parent.initializer)) continue;
    const options = checker.getContextualType(parent.parent);
    if (options?.symbol?.name !== "RecordOptions") continue;
    return { name: parent.name.text, fn: parent.initializer, given: (name) => parametersText(options.getProperty(name)) };
  }
  return null;
}

function parametersText(property: ts.Symbol | undefined): string {
  const [declared] = property?.declarations ?? [];
  const type = declared !== undefined && ts.isPropertySignature(declared) ? declared.type : undefined;
  return type !== undefined && ts.isFunctionTypeNode(type) ? `(${type.parameters.map((one) => one.getText(type.getSourceFile())).join(", ")})` : "nothing";
}

/** The named types that the module's calls of tools give, those of items before those of lists. */
function typesMet(source: ts.SourceFile, checker: ts.TypeChecker): readonly string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const awaited = ts.isCallExpression(node) ? checker.getAwaitedType(checker.getTypeAtLocation(node)) : undefined;
    const given = awaited !== undefined && checker.isArrayType(awaited) ? checker.getTypeArguments(awaited as ts.TypeReference)[0] : awaited;
    const symbol = given?.aliasSymbol ?? given?.symbol;
    const block = symbol?.declarations?.[0]?.parent;
    if (symbol !== undefined && block !== undefined && ts.isModuleBlock(block) && block.getSourceFile().fileName === VIRTUAL.servers) found.add(`${block.parent.name.text}.${symbol.name}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found];
}
