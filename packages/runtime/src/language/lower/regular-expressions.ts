import type { Expression } from "../../program/index.ts";
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
  const fault = nonLinear(source);
  if (fault !== null) l.faults.error(node, "REGEXP_NOT_LINEAR", fault, "Match more and check the rest in code: `capture` the part, then compare it.");
  return { kind: "regexp", ...at(l, node), source, flags };
}

/** What RE2 cannot run in a pattern that TypeScript finds well-formed; null when it can. */
function nonLinear(source: string): string | null {
  let inClass = false;
  for (let index = 0; index < source.length; index++) {
    const rest = source.slice(index, index + 4);
    if (rest[0] === "\\") {
      if (!inClass && /^\\([1-9]|k<)/.test(rest)) return "A back-reference cannot be matched in linear time.";
      if (/^\\[pPcu]/.test(rest) && !/^\\u[0-9a-fA-F]/.test(rest) && !/^\\c[A-Za-z]/.test(rest)) return "Unicode classes need a flag that the language does not have.";
      index += 1;
    } else if (inClass) inClass = rest[0] !== "]";
    else if (rest[0] === "[") inClass = true;
    else if (/^\(\?(=|!|<=|<!)/.test(rest)) return "Look-around cannot be matched in linear time.";
    else if (rest[0] === "{" && tooMany(source.slice(index))) return "A pattern can be repeated 1000 times at most.";
  }
  return null;
}

function tooMany(rest: string): boolean {
  const match = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
  return match !== null && (Number(match[1]) > 1000 || Number(match[2] ?? 0) > 1000);
}
