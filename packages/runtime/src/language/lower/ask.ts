import type { JsonObject } from "../../base/index.ts";
import type { Expression } from "../../program/index.ts";
import { schemaFault } from "../../schemas/index.ts";
import type { ts } from "../typescript.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { readOptions } from "./options.ts";
import { dataOf, readStatic } from "./static-value.ts";

/** `ask({ prompt, schema, maxTokens, model? })`. The schema is read off the text: it gives the answer its type. */
export function lowerAsk(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("ask", node, true);
  const options = readOptions(l, node.arguments[0], "ask", ["prompt", "schema", "maxTokens", "model"]);
  const prompt = options.get("prompt");
  const schema = options.get("schema");
  const maxTokens = options.get("maxTokens");
  const model = options.get("model");
  if (prompt === undefined || schema === undefined || maxTokens === undefined) return PLACEHOLDER; // TypeScript says what is missing.
  const value = dataOf(readStatic(l, schema));
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value)) {
    l.faults.error(schema, "NOT_STATIC", "The schema of ask must be an object, written out.", "Write a JSON Schema: `{ type: \"object\", properties: { … } }`, here or in a constant of this module.");
    return PLACEHOLDER;
  }
  const fault = schemaFault(value as JsonObject);
  if (fault !== null) l.faults.error(schema, "SCHEMA_INVALID", `The schema of ask is no JSON Schema: ${fault}.`, "Keep to JSON Schema 2020-12, without references to other documents.");
  return {
    kind: "ask", ...at(l, node), site, prompt: l.expression(prompt), schema: { kind: "const", ...at(l, schema), value },
    maxTokens: l.expression(maxTokens), ...(model === undefined ? {} : { model: l.expression(model) }),
  };
}
