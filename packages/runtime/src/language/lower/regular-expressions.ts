import type { Expression } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { checkedText } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";
import { refusalOfPattern } from "./regular-expression-shape.ts";

/** A pattern literal that runs in linear time everywhere. */
export function lowerRegExp(l: Lowering, node: ts.RegularExpressionLiteral): Expression {
  const end = node.text.lastIndexOf("/");
  const source = checkedText(l, node, node.text.slice(1, end));
  const flags = node.text.slice(end + 1);
  const wrong = /[^gims]/.exec(flags)?.[0];
  if (wrong !== undefined) l.faults.error(node, "REGEXP_FLAG", `The flag ${wrong} does not belong to the language.`, "Allowed are g, i, m and s.");
  const refusal = refusalOfPattern(source);
  if (refusal !== null) l.faults.error(node, "REGEXP_NOT_LINEAR", refusal, "Match more and check the rest in code: `capture` the part, then compare it.");
  return { kind: "regexp", ...at(l, node), source, flags };
}
