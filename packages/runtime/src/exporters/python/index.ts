export { type Annotations, moduleName } from "./module.ts";
export { memberName, snakeCase } from "./names.ts";
export { printWorkflows, type PrintOptions } from "./print-workflows.ts";
export { printProfile } from "./profile.ts";
export { PRINTED_NAMES } from "./library.ts";
export { RULES_LEFT_OUT } from "./lint-rules.ts";
export { type ClientSource, printServers } from "./server-module.ts";
