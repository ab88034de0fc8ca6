export { asksModel } from "./asks-model.ts";
export { FORBIDDEN_NAMES, GLOBAL_BUILTINS, METHODS, OFFSTAGE_BUILTINS, PROPERTIES } from "./allowlist.ts";
export { STEP_KINDS, WAIT_KINDS } from "./node.ts";
export type { BinaryOperator, Block, ElementPattern, Expression, FunctionNode, LocalRef, ObjectEntry, Pattern, PropertyPattern, Receiver, Spreadable, Statement, StepNode, UnaryOperator, WaitNode } from "./node.ts";
export { type MetNode, walkNodes } from "./walk-nodes.ts";
export { hashProfile, hashProgram } from "./hash.ts";
export type { PagingNode, ProfileProgram, RuleNode } from "./profile-program.ts";
export { calledPrograms, namedServers, SEMANTICS } from "./program.ts";
export type { GlobalNode, Mark, OverlapPolicy, Program, ProgramDebug, RecordNode, RunLimits, StateNode, ToolUse, TriggerNode } from "./program.ts";
