import { parseDuration } from "../../base/index.ts";
import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";

/** Milliseconds of a duration that is written out; null when it is not, or is none. */
export function checkDuration(l: Lowering, node: ts.Expression): number | null {
  const inner = unwrap(node);
  if (!ts.isStringLiteralLike(inner)) return null;
  const ms = parseDuration(inner.text);
  if (ms === null) l.faults.error(inner, "DURATION_INVALID", `${JSON.stringify(inner.text)} is no duration.`, "Write a whole number and one unit: \"90s\", \"10m\", \"1h\", \"7d\".");
  return ms;
}

/** A duration as an expression of milliseconds. */
export function durationExpression(l: Lowering, node: ts.Expression): Expression {
  const value = checkDuration(l, node);
  return value === null ? { kind: "builtin", ...at(l, node), name: "duration", args: [l.expression(node)] } : { kind: "const", ...at(l, node), value };
}
