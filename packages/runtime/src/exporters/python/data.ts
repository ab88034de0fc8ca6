import type { Json } from "../../base/index.ts";
import { numberText } from "./literals.ts";
import { library } from "./printing.ts";
import { literal, type PyExpression, string } from "./tree.ts";

/** JSON as Python writes it. */
export function printData(value: Json): PyExpression {
  if (value === null) return literal("None");
  if (typeof value === "boolean") return literal(value ? "True" : "False");
  if (typeof value === "string") return string(value);
  if (typeof value === "number") return printNumber(value);
  if (Array.isArray(value)) return { kind: "list", items: value.map((item: Json) => printData(item)) };
  return { kind: "dict", entries: Object.entries(value).map(([key, item]) => ({ key: string(key), value: printData(item as Json) })) };
}

function printNumber(value: number): PyExpression {
  const text = numberText(value);
  if (!/[a-z]{3}/.test(text)) return literal(text);
  const infinite = library(text.replace("-", ""));
  return text.startsWith("-") ? { kind: "minus", value: infinite } : infinite;
}
