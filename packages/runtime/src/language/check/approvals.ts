import { parseDuration } from "../../base/index.ts";
import type { Faults } from "../faults.ts";
import { unwrap } from "../lower/literals.ts";
import { ts } from "../typescript.ts";

/** Refuses an `approve` that no person can answer, or that does not wait for one. `isApprove` tells what a call names. */
export function checkApprovals(source: ts.SourceFile, faults: Faults, isApprove: (callee: ts.Identifier) => boolean): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && isApprove(node.expression)) {
      const options = node.arguments[0] === undefined ? undefined : unwrap(node.arguments[0]);
      if (options !== undefined && ts.isObjectLiteralExpression(options)) checkOptions(options, faults);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function checkOptions(options: ts.ObjectLiteralExpression, faults: Faults): void {
  const values = new Map(options.properties.flatMap((property) => (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name) ? [[property.name.text, unwrap(property.initializer)] as const] : [])));
  const [by, within, onTimeout] = [values.get("by"), values.get("within"), values.get("onTimeout")];
  if (by !== undefined && ts.isArrayLiteralExpression(by) && by.elements.every((element) => ts.isStringLiteralLike(element) && element.text.trim() === "")) {
    faults.error(by, "APPROVAL_IMPOSSIBLE", "Nobody is listed who could answer this.", "Name who may, `by: [\"ana\"]`, or leave `by` out: then anybody may who may use `offstage approve`.");
  }
  const ms = within !== undefined && ts.isStringLiteralLike(within) ? parseDuration(within.text) : null;
  if (within !== undefined && ms === 0) faults.error(within, "APPROVAL_IMPOSSIBLE", "This ends before anybody can answer.", "Give people time: `within: \"24h\"`.");
  // A spread may bring `within`.
  if (onTimeout !== undefined && within === undefined && !options.properties.some((property) => ts.isSpreadAssignment(property))) {
    faults.warning(onTimeout, "APPROVAL_IMPOSSIBLE", "Without `within` there is no time at which this would happen.", "Say how long to wait: `within: \"24h\"`.");
  }
}
