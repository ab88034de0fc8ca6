import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";
import { DECISIONS } from "./decisions.ts";
import { EXPRESSIONS } from "./expressions.ts";
import { FUNCTIONS } from "./functions.ts";
import { METHOD_CASES } from "./methods.ts";
import { STATEMENTS } from "./statements.ts";

/** All entries of the subset. */
export const SUBSET = [STATEMENTS, EXPRESSIONS, METHOD_CASES, FUNCTIONS, DECISIONS].flatMap((file) => Object.entries(file)).flatMap(([rules, cases]) => Object.entries(cases).map(([id, one]) => ({
  id, rules: rules.split(" "), top: "", tools: {} as Readonly<Record<string, FakeTool>>, gives: undefined as unknown, ...(typeof one === "string" ? { body: one } : one),
})));
