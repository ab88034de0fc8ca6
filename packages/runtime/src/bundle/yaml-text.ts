/** What is printed as YAML. Members that are undefined are left out. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml | undefined } | Commented;

const COMMENT = Symbol("comment");

/** A value with what people are to know of it. */
export interface Commented {
  readonly [COMMENT]: string;
  readonly value: Yaml;
}

/** Says something about a value, in lines above it. */
export function commented(value: Yaml, comment: string): Commented {
  return { [COMMENT]: comment, value };
}

/** Longer comments are broken here. */
const WIDTH = 110;

/** Prints a document in block style: read alike by YAML 1.1 and 1.2, of which Kubernetes, Compose and GitHub each read another one. */
export function yamlText(document: Yaml): string {
  const { comment, value } = partsOf(document);
  return `${comment === null ? "" : `${commentLines(comment, "").join("\n")}\n`}${blockLines(value, "").join("\n")}\n`;
}

/** Documents in one file. */
export function yamlDocuments(documents: readonly Yaml[]): string {
  return documents.map(yamlText).join("---\n");
}

/** The lines of a comment, `# ` before each. */
export function commentLines(text: string, indent: string): readonly string[] {
  return text.split("\n").flatMap((paragraph) => wrapped(paragraph, WIDTH - indent.length)).map((line) => `${indent}# ${line}`.trimEnd());
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

type Bare = Exclude<Yaml, Commented>;

function partsOf(yaml: Yaml): { readonly comment: string | null; readonly value: Bare } {
  if (typeof yaml !== "object" || yaml === null || !(COMMENT in yaml)) return { comment: null, value: yaml as Bare };
  const { comment, value } = partsOf((yaml as Commented).value);
  return { comment: comment === null ? (yaml as Commented)[COMMENT] : `${(yaml as Commented)[COMMENT]}\n${comment}`, value };
}

function isEmpty(value: Bare): boolean {
  return typeof value === "object" && value !== null && membersOf(value).length === 0;
}

function membersOf(value: object): readonly (readonly [key: string, value: Yaml])[] {
  return Object.entries(value as { readonly [key: string]: Yaml | undefined }).flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const]));
}

function blockLines(value: Bare, indent: string): readonly string[] {
  if (typeof value !== "object" || value === null || isEmpty(value)) return [`${indent}${inline(value)}`];
  if (Array.isArray(value)) return (value as readonly Yaml[]).flatMap((item) => itemLines(item, indent));
  return membersOf(value).flatMap(([key, member]) => memberLines(key, member, indent));
}

function itemLines(item: Yaml, indent: string): readonly string[] {
  const { comment, value } = partsOf(item);
  const above = comment === null ? [] : commentLines(comment, indent);
  if (typeof value === "string" && isText(value)) return [...above, `${indent}- ${textHead(value)}`, ...textLines(value, `${indent}  `)];
  const [first = "", ...rest] = blockLines(value, `${indent}  `);
  // A comment of the first member stands above the dash, where its indentation means nothing.
  const lead = first.trimStart().startsWith("#") ? [first, ...rest].findIndex((line) => !line.trimStart().startsWith("#")) : 0;
  const lines = [first, ...rest];
  return [...above, ...lines.slice(0, lead).map((line) => line.slice(2)), `${indent}- ${(lines[lead] ?? "").slice(indent.length + 2)}`, ...lines.slice(lead + 1)];
}

function memberLines(key: string, member: Yaml, indent: string): readonly string[] {
  const { comment, value } = partsOf(member);
  const above = comment === null ? [] : commentLines(comment, indent);
  const name = `${indent}${keyText(key)}:`;
  if (typeof value === "string" && isText(value)) return [...above, `${name} ${textHead(value)}`, ...textLines(value, `${indent}  `)];
  if (typeof value !== "object" || value === null || isEmpty(value)) return [...above, `${name} ${inline(value)}`];
  return [...above, name, ...blockLines(value, `${indent}  `)];
}

function inline(value: Bare): string {
  if (Array.isArray(value)) return "[]";
  if (typeof value === "object" && value !== null) return "{}";
  return typeof value === "string" ? scalarText(value) : String(value);
}

/** Several lines of printable text, which a literal block holds as they are. */
function isText(value: string): boolean {
  return value.includes("\n") && /^[^\s]/.test(value) && !/[^\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(value);
}

function textHead(value: string): string {
  return value.endsWith("\n\n") ? "|+" : value.endsWith("\n") ? "|" : "|-";
}

function textLines(value: string, indent: string): readonly string[] {
  return value.replace(/\n$/, "").split("\n").map((line) => (line === "" ? "" : `${indent}${line}`));
}

/** Words that some reader takes for something else than text. */
const TAKEN = /^(?:y|n|yes|no|on|off|true|false|null|~|nan|inf|infinity|e\d+)$/i;
/** Begins with a letter, / or _, and has nothing in it that means something. */
const PLAIN = /^[A-Za-z/_][\w ./+@=-]*$/;
/** `5Gi`, `100m`, `10s`: no reader takes these for numbers. */
const MEASURE = /^[1-9]\d*(?:m|s|h|d|[KMGT]i)$/;
const PLAIN_WITH_COLONS = /^[A-Za-z/_][\w./+@=-]*(?::[\w./+@=-]+)+$/;

function scalarText(value: string): string {
  const plain = (PLAIN.test(value) || PLAIN_WITH_COLONS.test(value) || MEASURE.test(value)) && !value.endsWith(" ") && !TAKEN.test(value);
  return plain ? value : quoted(value);
}

/** JSON, and what YAML wants escaped besides. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** `on` is how every workflow of GitHub's begins, whatever YAML 1.1 makes of it. */
function keyText(key: string): string {
  return key === "on" || (/^[A-Za-z_/][\w./-]*$/.test(key) && !TAKEN.test(key)) ? key : quoted(key);
}
