import type { Expression } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { durationExpression } from "./durations.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { oneOf, readOptions } from "./options.ts";

/** `approve({ message, show, by, within, onTimeout })`. */
export function lowerApprove(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("approve", node, true);
  const options = readOptions(l, node.arguments[0], "approve", ["message", "show", "by", "within", "onTimeout"]);
  const [message, show, by, within] = ["message", "show", "by", "within"].map((name) => options.get(name));
  const onTimeout = oneOf(l, options.get("onTimeout"), ["deny", "approve", "fail"]);
  if (message === undefined) return PLACEHOLDER; // TypeScript says that it is missing.
  return {
    kind: "approve", ...at(l, node), site, message: l.expression(message),
    ...(show === undefined ? {} : { show: l.expression(show) }),
    ...(by === undefined ? {} : { by: l.expression(by) }),
    ...(within === undefined ? {} : { within: durationExpression(l, within) }),
    ...(onTimeout === null ? {} : { onTimeout }),
  };
}
