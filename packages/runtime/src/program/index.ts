export { FORBIDDEN_NAMES, GLOBAL_BUILTINS, METHODS, OFFSTAGE_BUILTINS, PROPERTIES } from "./allowlist.ts";
export type { BinaryOperator, ElementPattern, Expression, LocalRef, ObjectEntry, Pattern, PropertyPattern, Receiver, Spreadable, UnaryOperator } from "./expression.ts";
export type { FunctionNode } from "./function.ts";
export type { PagingNode, ProfileProgram, RuleNode } from "./profile-program.ts";
export { SEMANTICS } from "./program.ts";
export type { GlobalNode, OverlapPolicy, Program, ProgramDebug, RecordNode, RunLimits, StateNode, ToolUse, TriggerNode } from "./program.ts";
export type { Block, Statement } from "./statement.ts";
export { STEP_KINDS, type StepNode } from "./step.ts";
