export { LINE_WIDTH } from "./document.ts";
export { moduleName } from "./module.ts";
export { memberName, snakeCase } from "./names.ts";
export { printedSites, printWorkflows } from "./print-workflows.ts";
export { printProfile } from "./profile.ts";
export { PRINTED_NAMES } from "./library.ts";
export { RULES_LEFT_OUT } from "./lint-rules.ts";
export { type ClientSource, printServers, type ToolUses } from "./server-module.ts";
export { toolUses } from "./tool-uses.ts";
