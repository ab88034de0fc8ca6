import type { Expression } from "../../program/index.ts";
import { compileRegex, RegexFault } from "../../regexp/index.ts";
import type { ts } from "../typescript.ts";
import { checkedText } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";

/** A pattern literal that runs in linear time everywhere. */
export function lowerRegExp(l: Lowering, node: ts.RegularExpressionLiteral): Expression {
  const end = node.text.lastIndexOf("/");
  const source = checkedText(l, node, node.text.slice(1, end));
  const flags = node.text.slice(end + 1);
  const wrong = /[^gims]/.exec(flags)?.[0];
  if (wrong !== undefined) l.faults.error(node, "REGEXP_FLAG", `The flag ${wrong} does not belong to the language.`, "Allowed are g, i, m and s.");
  const fault = wrong === undefined ? faultOf(source, flags) : null;
  if (fault !== null) l.faults.error(node, "REGEXP_NOT_LINEAR", `This pattern does not belong to the language, which matches in linear time everywhere: ${fault}.`, "Match more and check the rest in code: `capture` the part, then compare it.");
  return { kind: "regexp", ...at(l, node), source, flags };
}

/** What the interpreter would not take; read by the same reader, so that what checks also runs. */
function faultOf(source: string, flags: string): string | null {
  try {
    compileRegex(source, flags);
    return null;
  } catch (fault) {
    if (fault instanceof RegexFault) return fault.message;
    throw fault;
  }
}
