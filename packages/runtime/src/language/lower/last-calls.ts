import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";

/** The calls whose result a value may be, as they stand: the ways of a choice, the right side of `??` and its kind. */
export function lastCalls(node: ts.Expression): readonly ts.CallExpression[] {
  const inner = unwrap(node);
  if (ts.isCallExpression(inner)) return [inner];
  if (ts.isConditionalExpression(inner)) return [...lastCalls(inner.whenTrue), ...lastCalls(inner.whenFalse)];
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
  const isChoice = ts.isBinaryExpression(inner) && [AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken].some((kind) => kind === inner.operatorToken.kind);
  return isChoice ? lastCalls(inner.right) : [];
}
