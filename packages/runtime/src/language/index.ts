export { type ApiFile, apiFiles } from "./api-files.ts";
export { type Compiler, createCompiler, type ProfileSource, type WorkflowSource } from "./compiler.ts";
export { DIAGNOSTIC_CODES, type DiagnosticCode } from "./diagnostic-codes.ts";
export { applyEdits, mend, type Mended } from "./fix/mend.ts";
export { nodeApiFiles } from "./node-api-files.ts";
export { libraryFiles } from "./session.ts";
export { type KnownProfile, ruleFacts } from "./rule-facts.ts";
export type { TimeLimit } from "./time-limit.ts";
export type { CallFacts, CallPages, ToolFacts } from "./tool-facts.ts";
