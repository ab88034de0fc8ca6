import { shorten } from "../base/index.ts";
import type { TypeMember, TypeNode } from "./type-node.ts";
import { stringLiteral, visibleText } from "./visible-text.ts";

/** How types are written. */
export interface TypeStyle {
  /** Results are read-only data; arguments are what a person writes. Lists are read-only in both. */
  readonly members: "readonly" | "mutable";
  /** `lines`: one member a line, with comments. `inline`: all on one line, without. */
  readonly layout: "lines" | "inline";
}

const WIDTH = 120;
const MAX_DOC = 4000;

/** The text of a type. `indent` is the white space before the line that it ends up on. */
export function printType(node: TypeNode, style: TypeStyle, indent = ""): string {
  switch (node.kind) {
    case "keyword":
    case "name":
      return node.name;
    case "text":
      return node.text;
    case "literal":
      return typeof node.value === "string" ? stringLiteral(node.value) : String(node.value);
    case "array":
      return `readonly ${parenthesised(node.items, style, indent)}[]`;
    case "tuple":
      return printTuple(node, style, indent);
    case "object":
      return printObject(node, style, indent);
    case "union":
      return node.parts.map((part) => (part.kind === "intersection" ? `(${printType(part, style, indent)})` : printType(part, style, indent))).join(" | ");
    case "intersection":
      return node.parts.map((part) => (part.kind === "union" || part.kind === "text" ? `(${printType(part, style, indent)})` : printType(part, style, indent))).join(" & ");
  }
}

/** Items of a list: anything that binds weaker than `[]` needs parentheses. */
function parenthesised(node: TypeNode, style: TypeStyle, indent: string): string {
  const text = printType(node, style, indent);
  return node.kind === "union" || node.kind === "intersection" || node.kind === "array" || node.kind === "tuple" || node.kind === "text" ? `(${text})` : text;
}

function printTuple(node: Extract<TypeNode, { kind: "tuple" }>, style: TypeStyle, indent: string): string {
  const items = node.items.map((item, index) => (index < node.required ? printType(item, style, indent) : `(${printType(item, style, indent)})?`));
  if (node.rest !== undefined) items.push(`...${parenthesised(node.rest, style, indent)}[]`);
  return `readonly [${items.join(", ")}]`;
}

function printObject(node: Extract<TypeNode, { kind: "object" }>, style: TypeStyle, indent: string): string {
  if (node.members.length === 0) {
    const values = node.index === undefined ? "never" : printType(node.index, style, indent);
    return `{ ${readonlyText(style)}[key: string]: ${values} }`;
  }
  if (style.layout === "inline") return `{ ${memberTexts(node, style, "").join("; ")} }`;
  const short = `{ ${memberTexts(node, { ...style, layout: "inline" }, "").join("; ")} }`;
  if (short.length + indent.length <= WIDTH && node.members.every((member) => member.doc === undefined)) return short;
  return `{\n${printMembers(node, style, `${indent}  `)}${indent}}`;
}

/** The members of an object, one a line with their comments: the body of an interface. Ends with a line feed. */
export function printMembers(node: Extract<TypeNode, { kind: "object" }>, style: TypeStyle, indent: string): string {
  const texts = memberTexts(node, style, indent);
  return node.members.map((member, index) => `${docComment(member.doc, indent)}${indent}${texts[index] ?? ""};\n`).join("")
    + (node.index === undefined ? "" : `${indent}${texts.at(-1) ?? ""};\n`);
}

function memberTexts(node: Extract<TypeNode, { kind: "object" }>, style: TypeStyle, indent: string): readonly string[] {
  const members = node.members.map((member: TypeMember) => {
    return `${readonlyText(style)}${propertyName(member.name)}${member.optional ? "?" : ""}: ${printType(member.type, style, indent)}`;
  });
  // Beside named members TypeScript wants an index that covers them all.
  return node.index === undefined ? members : [...members, `${readonlyText(style)}[key: string]: unknown`];
}

function readonlyText(style: TypeStyle): string {
  return style.members === "readonly" ? "readonly " : "";
}

/** A member's name as it is written in a type: quoted unless it is an identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/**
 * A doc comment of a server's words, ending with a line feed; nothing for nothing. The words cannot end the comment,
 * begin a tag (`@ts-ignore`, `@deprecated`) or hide anything.
 */
export function docComment(words: string | undefined, indent: string): string {
  const lines = shorten(visibleText(words ?? ""), MAX_DOC).replaceAll("*/", "*\\/").split("\n").map((line) => line.trimEnd().replace(/^(\s*)@/, "$1\\@"));
  while (lines.at(-1)?.trim() === "") lines.pop();
  while (lines[0]?.trim() === "") lines.shift();
  const [first] = lines;
  if (first === undefined) return "";
  if (lines.length === 1 && indent.length + first.length <= WIDTH) return `${indent}/** ${first.trim()} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`).join("")}${indent} */\n`;
}
