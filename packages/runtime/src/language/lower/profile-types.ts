import type { ArgumentEquals, PagesTypeInfo, RuleTypeInfo } from "../../tools/index.ts";
import { ts } from "../typescript.ts";
import type { Fields } from "./fields.ts";
import { unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import type { StaticValue } from "./static-value.ts";

/** What a rule of a profile means for the types of its tool. */
export function ruleTypes(l: Lowering, fields: Fields): RuleTypeInfo {
  const result = fields.get("result");
  const pages = fields.get("pages");
  return {
    when: conditions(fields.get("when")),
    ...(result === undefined ? {} : { result: l.facts.returnedText(result.node), resultType: l.facts.returnedType(result.node) }),
    ...(pages?.kind === "record" ? { pages: pagesTypes(l, pages) } : {}),
  };
}

/** `(a) => a.action === "get" && …`; null for anything else. */
function conditions(when: StaticValue | undefined): readonly ArgumentEquals[] | null {
  if (when === undefined) return [];
  const arrow = unwrap(when.node);
  const parameter = ts.isArrowFunction(arrow) ? arrow.parameters[0]?.name : undefined;
  if (!ts.isArrowFunction(arrow) || parameter === undefined || !ts.isIdentifier(parameter) || ts.isBlock(arrow.body)) return null;
  const parts = conjunction(unwrap(arrow.body)).map((part) => equality(part, parameter.text));
  return parts.some((part) => part === null) ? null : (parts as ArgumentEquals[]);
}

function conjunction(node: ts.Expression): readonly ts.Expression[] {
  const isAnd = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAnd ? [...conjunction(unwrap(node.left)), ...conjunction(unwrap(node.right))] : [node];
}

function equality(node: ts.Expression, parameter: string): ArgumentEquals | null {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken) return null;
  const path = membersOf(unwrap(node.left), parameter);
  const equals = literal(unwrap(node.right));
  const [argument, ...deeper] = path ?? [];
  return argument === undefined || deeper.length > 0 || equals === undefined ? null : { argument, equals };
}

function literal(node: ts.Expression): ArgumentEquals["equals"] | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return node.kind === ts.SyntaxKind.TrueKeyword;
  return node.kind === ts.SyntaxKind.NullKeyword ? null : undefined;
}

/** `["a", "b"]` for `r.a.b` when `r` is the parameter; null for anything else. */
function membersOf(node: ts.Expression, parameter: string): readonly string[] | null {
  if (ts.isIdentifier(node)) return node.text === parameter ? [] : null;
  if (!ts.isPropertyAccessExpression(node) || node.questionDotToken !== undefined) return null;
  const before = membersOf(unwrap(node.expression), parameter);
  return before === null ? null : [...before, node.name.text];
}

function pagesTypes(l: Lowering, pages: Extract<StaticValue, { kind: "record" }>): PagesTypeInfo {
  const items = pages.entries.get("items");
  if (items === undefined) return { path: [] };
  const arrow = unwrap(items.node);
  const parameter = ts.isArrowFunction(arrow) ? arrow.parameters[0]?.name : undefined;
  const path = ts.isArrowFunction(arrow) && parameter !== undefined && ts.isIdentifier(parameter) && !ts.isBlock(arrow.body) ? membersOf(unwrap(arrow.body), parameter.text) : null;
  return path === null ? { path, item: l.facts.returnedItemText(items.node), itemType: l.facts.returnedItemType(items.node) } : { path };
}
