import type { Expression } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { checkedText } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";
import { markText } from "./marks.ts";
import { refuseUnlearnt } from "./unlearnt.ts";

/** A template: its values are strings, numbers and booleans. */
export function lowerTemplate(l: Lowering, node: ts.TemplateExpression): Expression {
  const texts = [checkedText(l, node.head, node.head.text)];
  const values: Expression[] = [];
  for (const span of node.templateSpans) {
    refuseTextOf(l, span.expression);
    markText(l, span.expression);
    values.push(l.expression(span.expression));
    texts.push(checkedText(l, span.literal, span.literal.text));
  }
  return { kind: "template", ...at(l, node), texts, values };
}

/** Refuses what would read `[object Object]`, `null` or `undefined`. */
export function refuseTextOf(l: Lowering, node: ts.Expression): void {
  const kinds = l.facts.kinds(node);
  const found = (["unlearnt", "object", "array", "map", "set", "function", "null", "undefined", "promise", "iterator"] as const).find((kind) => kinds.has(kind));
  if (found === undefined) return;
  if (found === "unlearnt") {
    refuseUnlearnt(l, node, node);
  } else if (found === "null" || found === "undefined") {
    l.faults.error(node, "TEXT_OF_OBJECT", `This may be ${found}, which would be written out as a word.`, "Say what to write then: `value ?? \"\"`.");
  } else if (found !== "promise") {
    l.faults.error(node, "TEXT_OF_OBJECT", `This is ${/^[aeiou]/.test(found) ? "an" : "a"} ${found}, not text.`, "Use one of its fields, or JSON.stringify.");
  }
}
