import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { durationExpression } from "./durations.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { readOptions } from "./options.ts";

/** `poll({ every, max }, turn)`. */
export function lowerPoll(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("poll", node, true);
  const [given, turn] = node.arguments;
  const options = readOptions(l, given, "poll", ["every", "max"]);
  const every = options.get("every");
  const max = options.get("max");
  if (every === undefined || max === undefined || turn === undefined) return PLACEHOLDER; // TypeScript says what is missing.
  const literal = unwrap(max);
  if (ts.isNumericLiteral(literal) && !(Number.isInteger(Number(literal.text)) && Number(literal.text) >= 1)) {
    l.faults.error(max, "LIMIT_INVALID", "max of poll must be a whole number from 1.", "Say how often to look at most: `max: 60`.");
  }
  return { kind: "poll", ...at(l, node), site, every: durationExpression(l, every), max: l.expression(max), turn: l.functionOf(turn, "steps") };
}
