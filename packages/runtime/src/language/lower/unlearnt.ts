import type { Json } from "../../base/index.ts";
import { ts } from "../typescript.ts";
import type { Lowering } from "./lowering.ts";

/** Stands in the hint for an argument that the text does not say. */
const OPEN = "…";
/** UTF-16 units; a longer command is not copied but written. */
const MAX_ARGUMENTS = 300;

/** The fault of looking into a result whose shape nobody has seen; false when the value is none. `where` is what looks. */
export function refuseUnlearnt(l: Lowering, value: ts.Expression, where: ts.Node): boolean {
  if (!l.facts.kinds(value).has("unlearnt")) return false;
  const tool = l.facts.unlearntName(value) ?? "server.tool";
  const call = callBehind(l, value, tool) ?? callIn(l, l.source, tool);
  const writes = mayWrite(l, tool, call);
  if (call !== null && isSeen(l, call)) {
    l.faults.error(where, "UNLEARNT", `${tool} was called, and nobody has seen an item of its lists yet.`, emptyHint(tool, writes));
    return true;
  }
  const args = call?.arguments[0] === undefined ? "" : argumentsText(l, call.arguments[0]);
  const command = `offstage call ${tool}${args}`;
  l.faults.error(where, "UNLEARNT", `Nobody has seen yet what ${tool} answers.`, writes ? writeHint(tool, command) : `Call it once to learn its shape: ${command}`);
  return true;
}

/** A tool that was called, for such arguments: what is not known of it lies in a list that was empty. */
function isSeen(l: Lowering, { expression, arguments: [args] }: ts.CallExpression): boolean {
  const isPages = ts.isPropertyAccessExpression(expression) && expression.name.text === "pages" && toolOf(l, expression.expression) !== null;
  return l.facts.isSeen(isPages ? expression.expression : expression, args);
}

/** The same call once more would teach nothing. */
function emptyHint(tool: string, writes: boolean): string {
  const said = `in profiles/${tool.slice(0, tool.indexOf("."))}.ts what it answers, by the \`result\` of its rule`;
  return `It answered an empty list when it was called: ${writes ? `say ${said}.` : `call it where it finds something (\`offstage call ${tool}\`), or say ${said}.`}`;
}

/** Whoever follows a hint must not make an issue by it: what is known without a call comes first. */
function writeHint(tool: string, command: string): string {
  const server = tool.slice(0, tool.indexOf("."));
  return `It may write. Say in profiles/${server}.ts what it answers, by the \`result\` of its rule, or that it only reads (\`offstage profile ${server}\` drafts one). Or make one real call, where that does no harm: ${command} --yes --learn`;
}

/** By what the text itself says of the arguments: one tool often reads and writes by one of them. */
function mayWrite(l: Lowering, tool: string, call: ts.CallExpression | null): boolean {
  const [server, name] = [tool.slice(0, tool.indexOf(".")), tool.slice(tool.indexOf(".") + 1)];
  const args = call?.arguments[0];
  if (args === undefined || !ts.isObjectLiteralExpression(args) || args.properties.some((property) => property.name === undefined || ts.isComputedPropertyName(property.name))) return l.knowledge.mayWrite(server, name, null, "any");
  const said = args.properties.map((property): readonly [string, ts.Expression | null] => [(property.name as ts.Identifier).text, ts.isPropertyAssignment(property) ? property.initializer : null]);
  const known = said.flatMap(([key, value]): readonly (readonly [string, Json])[] => (value !== null && isPlain(value) ? [[key, literal(l, value) as Json]] : []));
  const names = new Set(known.map(([key]) => key));
  return l.knowledge.mayWrite(server, name, Object.fromEntries(known), said.map(([key]) => key).filter((key) => !names.has(key)));
}

function isPlain(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind);
}

/** The call that a value comes from, through `await` and constants; null when that is not told by the text alone. */
function callBehind(l: Lowering, value: ts.Expression, tool: string): ts.CallExpression | null {
  if (ts.isAwaitExpression(value) || ts.isParenthesizedExpression(value) || ts.isAsExpression(value) || ts.isNonNullExpression(value)) return callBehind(l, value.expression, tool);
  if (ts.isCallExpression(value)) return toolOf(l, value.expression) === tool ? value : null;
  if (!ts.isIdentifier(value)) return null;
  const declared = l.facts.symbol(value)?.declarations?.[0];
  return declared !== undefined && ts.isVariableDeclaration(declared) && declared.initializer !== undefined ? callBehind(l, declared.initializer, tool) : null;
}

/** The first call of the tool in the text: an example of its arguments is better than none. */
function callIn(l: Lowering, node: ts.Node, tool: string): ts.CallExpression | null {
  if (ts.isCallExpression(node) && toolOf(l, node.expression) === tool) return node;
  return ts.forEachChild(node, (child) => callIn(l, child, tool) ?? undefined) ?? null;
}

/** `server.tool` of `server.tool`, `server["tool"]` and of their `.pages`. */
function toolOf(l: Lowering, callee: ts.Expression): string | null {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isElementAccessExpression(callee) && ts.isStringLiteralLike(callee.argumentExpression) ? callee.argumentExpression.text : null;
  if (name === null || !(ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee))) return null;
  const of = callee.expression;
  if (!ts.isIdentifier(of)) return name === "pages" ? toolOf(l, of) : null;
  const symbol = l.facts.symbol(of);
  const server = symbol === undefined ? undefined : l.scope.named.get(symbol);
  return server?.kind === "server" ? `${server.name}.${name}` : null;
}

/** ` --args '{…}'` with what the text says of the arguments, quoted for a shell. */
function argumentsText(l: Lowering, node: ts.Expression): string {
  const text = JSON.stringify(literal(l, node));
  return text.length > MAX_ARGUMENTS ? ` --args '${OPEN}'` : ` --args '${text.replaceAll("'", "'\\''")}'`;
}

function literal(l: Lowering, node: ts.Expression): unknown {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map((span) => OPEN + span.literal.text).join("");
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return node.kind === ts.SyntaxKind.TrueKeyword;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((one) => literal(l, one));
  if (!ts.isObjectLiteralExpression(node)) return openValue(l, node);
  return Object.fromEntries(node.properties.map((property): [string, unknown] => {
    if (property.name === undefined || ts.isComputedPropertyName(property.name)) return [OPEN, OPEN];
    return [property.name.text, ts.isPropertyAssignment(property) ? literal(l, property.initializer) : ts.isShorthandPropertyAssignment(property) ? openValue(l, property.name) : OPEN];
  }));
}

/** What stands for a value that the text does not say: of its type, so that a server takes it. */
function openValue(l: Lowering, node: ts.Expression): unknown {
  const kinds = l.facts.kinds(node);
  if (kinds.has("string") || kinds.has("any")) return OPEN;
  return kinds.has("number") ? 1 : kinds.has("boolean") ? true : kinds.has("array") ? [] : OPEN;
}
