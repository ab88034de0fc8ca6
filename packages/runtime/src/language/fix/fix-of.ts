import type { Fix } from "../../base/index.ts";
import type { DiagnosticCode } from "../diagnostic-codes.ts";
import type { ts } from "../typescript.ts";
import { awaited, globalInstead, listOfIterator, methodInstead, patternFlag } from "./call-fixes.ts";
import type { FixContext, FixMaker } from "./fix-context.ts";
import { comparedLength, joinedText, missingText, step, strictEquality } from "./operator-fixes.ts";
import { pagesBound, utc, writeLimit } from "./option-fixes.ts";
import { arrow, blockVariable, countedLoop, thrownFailure, topLevelConstant, withoutExport } from "./statement-fixes.ts";

/**
 * What mends each fault by machine. The law, which a test holds each to: applied, the fault is gone, there is no error that
 * was not there before, and a module that ran somewhere means what it meant.
 */
const FIXES: Partial<Readonly<Record<DiagnosticCode, FixMaker>>> = {
  LOOSE_EQUALITY: strictEquality, OPERATOR_NOT_ALLOWED: step, MIXED_OPERANDS: joinedText, CONDITION_NOT_BOOLEAN: comparedLength, TEXT_OF_OBJECT: missingText,
  VAR_NOT_ALLOWED: blockVariable, TOP_LEVEL_NOT_ALLOWED: topLevelConstant, EXPORT_NOT_ALLOWED: withoutExport, LOOP_NOT_ALLOWED: countedLoop, THROW_NOT_FAIL: thrownFailure, FUNCTION_NOT_ALLOWED: arrow,
  FLOATING_PROMISE: awaited, PROMISE_AS_VALUE: awaited, RETURN_WITHOUT_AWAIT: awaited, ITERATOR_AS_VALUE: listOfIterator, METHOD_NOT_ALLOWED: methodInstead, GLOBAL_NOT_ALLOWED: globalInstead, REGEXP_FLAG: patternFlag,
  LIMITS_MISSING: writeLimit, TIMEZONE_INVALID: utc, PAGES_MAX: pagesBound,
};

/** The fix of a fault of ours at a node; null where there is none. */
export function fixOf(context: FixContext, code: string, node: ts.Node): Fix | null {
  return Object.hasOwn(FIXES, code) ? (FIXES[code as DiagnosticCode]?.(context, node) ?? null) : null;
}
