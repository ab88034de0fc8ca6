import type { Expression } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { durationExpression } from "./durations.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";

/** `sleep(d)`. */
export function lowerSleep(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("sleep", node, true);
  const [duration] = node.arguments;
  return duration === undefined ? PLACEHOLDER : { kind: "sleep", ...at(l, node), site, duration: durationExpression(l, duration) };
}

/** `until(t)`. */
export function lowerUntil(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("until", node, true);
  const [time] = node.arguments;
  return time === undefined ? PLACEHOLDER : { kind: "until", ...at(l, node), site, time: l.expression(time) };
}
