import type { Fix } from "../../base/index.ts";
import type { DiagnosticCode } from "../diagnostic-codes.ts";
import type { ts } from "../typescript.ts";
import { awaited, listOfIterator, methodInstead, patternFlag, textOrder } from "./call-fixes.ts";
import type { FixContext, FixMaker } from "./fix-context.ts";
import { globalInstead, instant } from "./global-fixes.ts";
import { missingImport } from "./import-edits.ts";
import { loop } from "./loop-fixes.ts";
import { comparedLength, joinedText, missingText, step, strictEquality } from "./operator-fixes.ts";
import { pagesBound, plainDuration, startedByPeople, utc, writeLimit } from "./option-fixes.ts";
import { arrow, blockVariable, thrownFailure, topLevelConstant, typeBehind, withoutExport } from "./statement-fixes.ts";
import { chain } from "./switch-fix.ts";

/**
 * What mends each fault by machine. The law, which a test holds each to: applied, the fault is gone, there is no error that
 * was not there before, and a module that ran somewhere means what it meant.
 */
const FIXES: Partial<Readonly<Record<DiagnosticCode | `TS${number}`, FixMaker>>> = {
  LOOSE_EQUALITY: strictEquality, OPERATOR_NOT_ALLOWED: step, MIXED_OPERANDS: joinedText, CONDITION_NOT_BOOLEAN: comparedLength, TEXT_OF_OBJECT: missingText,
  VAR_NOT_ALLOWED: blockVariable, TOP_LEVEL_NOT_ALLOWED: topLevelConstant, EXPORT_NOT_ALLOWED: withoutExport, LOOP_NOT_ALLOWED: loop, SWITCH_NOT_ALLOWED: chain, TYPE_NOT_ALLOWED: typeBehind, THROW_NOT_FAIL: thrownFailure, FUNCTION_NOT_ALLOWED: arrow,
  FLOATING_PROMISE: awaited, PROMISE_AS_VALUE: awaited, RETURN_WITHOUT_AWAIT: awaited, ITERATOR_AS_VALUE: listOfIterator, METHOD_NOT_ALLOWED: methodInstead, GLOBAL_NOT_ALLOWED: globalInstead, NEW_NOT_ALLOWED: instant, ARGUMENTS_NOT_ALLOWED: textOrder, REGEXP_FLAG: patternFlag,
  LIMITS_MISSING: writeLimit, TIMEZONE_INVALID: utc, PAGES_MAX: pagesBound, OPTION_MISSING: startedByPeople, TS2304: missingImport, TS2552: missingImport, DURATION_INVALID: plainDuration,
};

/** The fix of a fault, of ours or of TypeScript, at a node; null where there is none. */
export function fixOf(context: FixContext, code: string, node: ts.Node): Fix | null {
  return Object.hasOwn(FIXES, code) ? (FIXES[code as DiagnosticCode]?.(context, node) ?? null) : null;
}
