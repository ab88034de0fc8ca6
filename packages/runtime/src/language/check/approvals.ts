import { formatDuration, type Json, parseDuration } from "../../base/index.ts";
import { unwrap } from "../lower/literals.ts";
import type { Lowering } from "../lower/lowering.ts";
import { dataOf, readStatic } from "../lower/static-value.ts";
import { ts } from "../typescript.ts";

/** A person sees a request, thinks and answers: in less time nobody does. */
const LEAST_MS = 60_000;

/** Refuses an `approve` that no person can answer, or that does not wait for one. `isApprove` tells what a call names. */
export function checkApprovals(l: Lowering, isApprove: (callee: ts.Identifier) => boolean): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && isApprove(node.expression)) {
      const options = node.arguments[0] === undefined ? undefined : unwrap(node.arguments[0]);
      if (options !== undefined && ts.isObjectLiteralExpression(options)) checkOptions(l, options);
    }
    ts.forEachChild(node, visit);
  };
  visit(l.source);
}

function checkOptions(l: Lowering, options: ts.ObjectLiteralExpression): void {
  const { faults } = l;
  const values = new Map(options.properties.flatMap((property) => valueOf(property)));
  const [by, within, onTimeout] = [values.get("by"), values.get("within"), values.get("onTimeout")];
  const names = by === undefined ? undefined : known(l, by);
  if (by !== undefined && Array.isArray(names) && names.every((name) => typeof name === "string" && name.trim() === "")) {
    faults.error(by, "APPROVAL_IMPOSSIBLE", "Nobody is listed who could answer this.", "Name who may, `by: [\"ana\"]`, or leave `by` out: then anybody may who may use `offstage approve`.");
  }
  if (within !== undefined) checkWithin(l, within);
  // A spread may bring `within`.
  if (onTimeout !== undefined && within === undefined && !options.properties.some((property) => ts.isSpreadAssignment(property))) {
    faults.warning(onTimeout, "APPROVAL_IMPOSSIBLE", "Without `within` there is no time at which this would happen.", "Say how long to wait: `within: \"24h\"`.");
  }
}

function checkWithin(l: Lowering, within: ts.Expression): void {
  const text = known(l, within);
  const ms = typeof text === "string" ? parseDuration(text) : null;
  if (ms === null) return;
  const hint = "Give people time: `within: \"24h\"`.";
  if (ms === 0) l.faults.error(within, "APPROVAL_IMPOSSIBLE", "This ends before anybody can answer.", hint);
  else if (ms < LEAST_MS) l.faults.warning(within, "APPROVAL_IMPOSSIBLE", `Hardly anybody sees and answers this within ${formatDuration(ms)}.`, hint);
}

/** What an option is written as: `by: x`, or `by` alone. */
function valueOf(property: ts.ObjectLiteralElementLike): readonly (readonly [name: string, value: ts.Expression])[] {
  if (ts.isShorthandPropertyAssignment(property)) return [[property.name.text, property.name]];
  return ts.isPropertyAssignment(property) && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) ? [[property.name.text, unwrap(property.initializer)]] : [];
}

/** Data that is written out, there or in a constant of the module. */
function known(l: Lowering, node: ts.Expression): Json | undefined {
  return dataOf(readStatic(l, node));
}
