import type { Data } from "../base/index.ts";
import { field, type RawTool, textField } from "./catalogue.ts";
import type { Declarations } from "./declarations.ts";
import { itemType, withItemType } from "./item-type.ts";
import type { LearntSchema } from "./learnt-schema.ts";
import { learntItems, learntType } from "./learnt-type.ts";
import { hashData, isList } from "./pinned-json.ts";
import { printType, type TypeStyle } from "./print-type.ts";
import type { ArgumentEquals, PagesTypeInfo, RuleTypeInfo } from "./profile-types.ts";
import { isSelfContained, pointerName } from "./schema-refs.ts";
import { schemaTypes } from "./schema-type.ts";
import { type ToolCase, toolCases } from "./tool-cases.ts";
import { pascalName } from "./type-names.ts";
import { type TypeNode, unionOf, UNKNOWN } from "./type-node.ts";
import { stringLiteral } from "./visible-text.ts";

/** One tool, and what is known of it besides what its server says. */
export interface TypedTool {
  readonly server: string;
  readonly name: string;
  /** What names of its types begin with; unique among the tools of its server. */
  readonly base: string;
  readonly definition: RawTool;
  readonly rules: readonly RuleTypeInfo[];
  /** Case → what was learnt of its results. */
  readonly learnt: ReadonlyMap<string, LearntSchema>;
  /** Generated name → what it is, where several learnt types go by one better name. */
  readonly merged: ReadonlyMap<string, MergedType>;
}

/** Several learnt types under one name: what they have in common, told in the words of one of them, so that they are one type. */
export interface MergedType {
  readonly schema: LearntSchema;
  /** The tool to be called for what is not learnt yet. */
  readonly tool: string;
}

const INLINE: TypeStyle = { members: "mutable", layout: "inline" };

/** What calls of one tool take and give. */
export interface ToolShape {
  /** The name of its arguments' type. */
  readonly args: string;
  /** Calls with certain literals. */
  readonly special: readonly (CaseTypes & { readonly equals: readonly ArgumentEquals[] })[];
  /** All others, and calls whose literals are not known: so it may give what any of them gives. */
  readonly general: CaseTypes;
  /** The special ones are all there are. */
  readonly isCovered: boolean;
}

/** The shape of one tool; declares the types that it mentions. */
export function toolShape(tool: TypedTool, declarations: Declarations): ToolShape {
  const args = declareArgs(tool, declarations);
  const { special, general } = toolCases(tool.rules, field(tool.definition, "inputSchema"));
  const typed = special.map((one) => ({ ...typeCase(tool, one, declarations), equals: one.equals }));
  const own = general === null ? null : typeCase(tool, general, declarations);
  const any = unionOf([...typed, ...(own === null ? [] : [own])].map(({ result }) => result));
  return { args, special: typed, general: { result: any, ...(own?.item === undefined ? {} : { item: own.item }) }, isCovered: own === null };
}

/** The `Tool<…>` types of one tool, the most general last; declares what they mention. */
export function toolTypes(tool: TypedTool, declarations: Declarations): readonly string[] {
  const { args, special, general } = toolShape(tool, declarations);
  return [...special.map(({ equals, result, item }) => toolText(`${args} & ${equalsText(equals)}`, result, item)), toolText(args, general.result, general.item)];
}

/** What one call gives, and the items of its pages. */
export interface CaseTypes {
  readonly result: TypeNode;
  readonly item?: TypeNode;
}

function toolText(args: string, result: TypeNode, item: TypeNode | undefined): string {
  const style: TypeStyle = { members: "readonly", layout: "inline" };
  return `Tool<${[args, printType(result, style), ...(item === undefined ? [] : [printType(item, style)])].join(", ")}>`;
}

function equalsText(equal: readonly ArgumentEquals[]): string {
  const members = equal.map(({ argument, equals }) => ({
    name: argument,
    optional: false,
    type: equals === null ? { kind: "keyword" as const, name: "null" as const } : { kind: "literal" as const, value: equals },
  }));
  return printType({ kind: "object", members }, INLINE);
}

function declareArgs(tool: TypedTool, declarations: Declarations): string {
  const schema = field(tool.definition, "inputSchema") ?? { type: "object", properties: {} };
  const type = declareSchema(tool, schema, "argument", `${tool.base}Args`, declarations);
  return declarations.declare(`${tool.base}Args`, { type, members: "mutable" });
}

/** Reads a schema, declaring what its references mean. Equal definitions of several tools become one type. */
function declareSchema(tool: TypedTool, schema: Data, side: "argument" | "result", own: string, declarations: Declarations): TypeNode {
  const definitions = field(schema, "$defs") ?? field(schema, "definitions");
  const shared = definitions !== undefined && isSelfContained(definitions) ? hashData(definitions) : null;
  const members = side === "argument" ? "mutable" : "readonly";
  const read = schemaTypes(schema, {
    side,
    nameOf: (pointer) => {
      const name = pointerName(pointer);
      const sharable = shared !== null && /^#\/(?:\$defs|definitions)\//.test(pointer);
      const wanted = name === null ? `${own}Self` : pascalName(name);
      return declarations.reserve(`${side} ${sharable ? shared : `${tool.name} ${own}`} ${pointer}`, sharable ? wanted : `${tool.base}${wanted}`, `${tool.base}${wanted}`);
    },
  });
  for (const [name, { type, doc }] of read.declarations) declarations.fill(name, { type, members, ...(doc === undefined ? {} : { doc }) });
  return read.type;
}

function typeCase(tool: TypedTool, one: ToolCase, declarations: Declarations): CaseTypes {
  const plain = one.plain ? plainTypes(tool, one, declarations) : undefined;
  const result = resultName(tool, one);
  const texts = one.texts.map((text): TypeNode => ({ kind: "name", name: declarations.declare(result, { type: text, members: "readonly" }) }));
  const item = one.pages?.path === null || plain === undefined ? textItem(one.pages) : one.pages === undefined ? undefined : (plain.item ?? UNKNOWN);
  return { result: unionOf([...texts, ...(plain === undefined ? [] : [plain.result])]), ...(item === undefined ? {} : { item }) };
}

function textItem(pages: PagesTypeInfo | undefined): TypeNode | undefined {
  if (pages === undefined) return undefined;
  return pages.item === undefined ? UNKNOWN : { kind: "text", text: pages.item, ...(pages.itemType === undefined ? {} : { type: pages.itemType }) };
}

/** Types of what the tool gives when no `result` of a profile says otherwise. */
function plainTypes(tool: TypedTool, one: ToolCase, declarations: Declarations): CaseTypes {
  const output = field(tool.definition, "outputSchema");
  const learnt = tool.learnt.get(one.key);
  if (output !== undefined && !(learnt !== undefined && requiresNothing(output))) return outputTypes(tool, one, output, declarations);
  if (learnt === undefined) return { result: unlearnt(tool), item: unlearnt(tool) };
  return learntTypes(tool, one, learnt, declarations);
}

function outputTypes(tool: TypedTool, one: ToolCase, output: Data, declarations: Declarations): CaseTypes {
  const name = `${tool.base}Result`;
  const type = declareSchema(tool, output, "result", name, declarations);
  const path = one.pages?.path;
  const item = path === undefined || path === null ? undefined : itemType(type, path);
  const doc = textField(output, "description");
  const result: TypeNode = { kind: "name", name: declarations.declare(name, { type, members: "readonly", ...(doc === undefined ? {} : { doc }) }) };
  if (item === undefined) return { result };
  return { result, item: item.kind === "object" ? { kind: "name", name: declarations.declare(itemName(tool, one), { type: item, members: "readonly" }) } : item };
}

function learntTypes(tool: TypedTool, one: ToolCase, learnt: LearntSchema, declarations: Declarations): CaseTypes {
  const path = itemPath(one, learnt);
  const whole = typeOf(tool, resultName(tool, one), learnt);
  if (path === null) return { result: { kind: "name", name: declarations.declare(resultName(tool, one), { type: whole, members: "readonly" }) } };
  const seen = learntItems(learnt, path);
  const item = declareItem(tool, one, seen, declarations);
  const result = declarations.declare(resultName(tool, one), { type: withItemType(whole, path, item), members: "readonly" });
  return { result: { kind: "name", name: result }, item };
}

function declareItem(tool: TypedTool, one: ToolCase, seen: LearntSchema | undefined, declarations: Declarations): TypeNode {
  if (seen === undefined) return unlearnt(tool);
  const type = typeOf(tool, itemName(tool, one), seen);
  return { kind: "name", name: declarations.declare(itemName(tool, one), { type, members: "readonly" }) };
}

function typeOf(tool: TypedTool, name: string, learnt: LearntSchema): TypeNode {
  const merged = tool.merged.get(name);
  return merged === undefined ? learntType(learnt, unlearnt(tool)) : learntType(merged.schema, unlearnt({ ...tool, name: merged.tool }));
}

/** Where the items are whose type gets a name of its own: those of pages, else of a result that is a list. */
function itemPath(one: ToolCase, learnt: LearntSchema): readonly string[] | null {
  if (one.pages !== undefined) return one.pages.path;
  return learnt.type?.includes("array") === true && learnt.items?.type?.includes("object") === true ? [] : null;
}

/** Learnt schemas of a tool by the names that their types would have: its results and its items. */
export function learntNames(tool: TypedTool): ReadonlyMap<string, LearntSchema> {
  const { special, general } = toolCases(tool.rules, field(tool.definition, "inputSchema"));
  const names = new Map<string, LearntSchema>();
  for (const one of [...special, ...(general === null ? [] : [general])]) {
    const learnt = tool.learnt.get(one.key);
    if (learnt === undefined) continue;
    names.set(resultName(tool, one), learnt);
    const path = itemPath(one, learnt);
    const items = path === null ? undefined : learntItems(learnt, path);
    if (items !== undefined) names.set(itemName(tool, one), items);
  }
  return names;
}

function resultName(tool: TypedTool, one: ToolCase): string {
  return `${tool.base}${one.suffix}Result`;
}

function itemName(tool: TypedTool, one: ToolCase): string {
  return `${tool.base}${one.suffix}Item`;
}

function unlearnt(tool: TypedTool): TypeNode {
  return { kind: "name", name: `Unlearnt<${stringLiteral(`${tool.server}.${tool.name}`)}>` };
}

/** True for an output schema that a server wrote without promising anything: what was seen says more. */
function requiresNothing(schema: Data): boolean {
  const required = field(schema, "required");
  return !(isList(required) && required.length > 0) && ["$ref", "anyOf", "oneOf", "allOf"].every((name) => field(schema, name) === undefined);
}
