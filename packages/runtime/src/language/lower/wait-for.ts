import type { Expression } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { durationExpression } from "./durations.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { readOptions } from "./options.ts";
import { lowerEventTrigger } from "./triggers.ts";

/** `waitFor(trigger, { when, within })`. */
export function lowerWaitFor(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("waitFor", node, true);
  const [given, more] = node.arguments;
  const trigger = given === undefined ? null : lowerEventTrigger(l, given); // TypeScript says that it is missing.
  const options = readOptions(l, more, "waitFor", ["when", "within"]);
  const [when, within] = [options.get("when"), options.get("within")];
  const parts = {
    ...(when === undefined ? {} : { when: l.functionOf(when, "plain") }),
    ...(within === undefined ? {} : { within: durationExpression(l, within) }),
  };
  return trigger === null ? PLACEHOLDER : { kind: "wait-for", ...at(l, node), site, trigger, ...parts };
}
