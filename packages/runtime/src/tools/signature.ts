import { type Data, shorten } from "../base/index.ts";
import { field, type RawTool, textField } from "./catalogue.ts";
import type { LearntSchema } from "./learnt-schema.ts";
import { learntType } from "./learnt-type.ts";
import { printType, propertyName } from "./print-type.ts";
import { schemaTypes } from "./schema-type.ts";
import { pascalName } from "./type-names.ts";
import type { TypeNode } from "./type-node.ts";
import { pointerName } from "./schema-refs.ts";
import { visibleLine } from "./visible-text.ts";

const INLINE = { members: "mutable", layout: "inline" } as const;
const SHORT_TYPE = 60;

/** How a signature is written. */
export interface SignatureOptions {
  /** What was learnt of its results, when it has no `outputSchema`. */
  readonly learnt?: LearntSchema;
  /** UTF-16 units of the whole line; optional arguments are left out (`…`) to keep it. */
  readonly maxLength?: number;
  /** UTF-16 units of one argument's type, and of the result's; 60 when it is not said. */
  readonly maxType?: number;
}

/** A tool on one line, as TypeScript would say it: `list_issues({ owner: string; state?: "open" | "closed"; … }): Issue[]`. */
export function signature(tool: RawTool, options: SignatureOptions = {}): string {
  const { maxLength = 160, maxType = SHORT_TYPE } = options;
  const name = visibleLine(textField(tool, "name") ?? "");
  const result = shorten(resultText(tool, options.learnt), maxType);
  const type = readType(field(tool, "inputSchema") ?? {}, "argument");
  if (type.kind !== "object") return shorten(`${name}(${printType(type, INLINE)}): ${result}`, maxLength);
  const room = maxLength - name.length - result.length - 9;
  const texts = type.members.map((member) => ({
    optional: member.optional,
    text: `${propertyName(member.name)}${member.optional ? "?" : ""}: ${shorten(printType(member.type, INLINE), maxType)}`,
  }));
  const kept: string[] = [];
  for (const { optional, text } of texts) {
    if (optional && [...kept, text, "…"].join("; ").length > room) {
      kept.push("…");
      break;
    }
    kept.push(text);
  }
  return `${name}(${kept.length === 0 ? "{}" : `{ ${kept.join("; ")} }`}): ${result}`;
}

function resultText(tool: RawTool, learnt: LearntSchema | undefined): string {
  const output = field(tool, "outputSchema");
  if (output !== undefined) return printType(readType(output, "result"), INLINE);
  return learnt === undefined ? "unlearnt" : printType(learntType(learnt, { kind: "name", name: "unlearnt" }), INLINE).replaceAll("readonly ", "");
}

function readType(schema: Data, side: "argument" | "result"): TypeNode {
  return schemaTypes(schema, { side, nameOf: (pointer) => pascalName(pointerName(pointer) ?? "Self") }).type;
}
