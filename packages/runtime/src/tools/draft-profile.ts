import { shorten } from "../base/index.ts";
import { hintsReadOnly } from "./call-classes.ts";
import { field, isRecord, type RawTool } from "./catalogue.ts";
import { guessPaging, isPlainName } from "./draft-paging.ts";
import type { LearntSchema } from "./learnt-schema.ts";
import { isList } from "./pinned-json.ts";
import { type Action, actionsIn } from "./search-actions.ts";
import { toolSummary } from "./search-index.ts";
import { stringLiteral, visibleLine } from "./visible-text.ts";

/** Marks a rule of a draft that is a read on its server's word alone. */
export const HINTED_READ = "a hint: the server calls it read-only.";

/** What a draft is made from. */
export interface ProfileDraftInput {
  /** The name by which `#servers` gives the server. */
  readonly identifier: string;
  /** What the lock says that the server is made of: `@scope/name@1.2.3`, or a URL. */
  readonly source: string;
  readonly tools: ReadonlyMap<string, RawTool>;
  /** What was learnt of a tool's results. */
  readonly learnt: (tool: string) => LearntSchema | undefined;
}

/**
 * The text of a profile for a person to finish. It says no more than is known: a tool is a read where its server calls it so (a
 * hint, and marked as one), everything else is a write; what names make likely, and what a server says of repeating, stands in comments. So a
 * draft that is used as it is asks too often, and never writes unasked on the word of a name.
 */
export function draftProfile({ identifier, source, tools, learnt }: ProfileDraftInput): string {
  const named = [...tools].filter(([name]) => name !== "__proto__" && name !== "*");
  return [
    'import { profile } from "offstage";',
    `import { ${identifier} } from "#servers";`,
    "",
    "/**",
    ` * A draft for ${commentText(source)}, from what its tools say of themselves. To finish it: call each tool, also wrongly, look at what`,
    " * comes, and settle every TODO. What a server says is a hint, and hints err. Then `offstage check`, and `offstage lock` to pin the classes.",
    " *",
    " * For writes think of: refused (an error that proves that nothing happened), undo, affects (reads that it makes stale). For reads:",
    " * gone (what is not there), lag (when a write is seen), pages. For all: result (what a text means), rate.",
    " */",
    `export default profile<typeof ${identifier}>(${stringLiteral(profileTarget(source))}, {`,
    ...named.flatMap(([name, definition]) => toolLines(name, definition, learnt(name))),
    "});",
    "",
  ].join("\n");
}

/** The package with the part of its version that promises to stay: the major one, and for 0.x the minor one. */
function profileTarget(source: string): string {
  const [, name = source, version] = /^(.+)@v?(\d+(?:\.\d+)*)[^@/]*$/.exec(source) ?? [];
  if (version === undefined || name.includes("://")) return source;
  const [major = "", minor] = version.split(".");
  return major === "0" && minor !== undefined ? `${name}@0.${minor}` : `${name}@${major}`;
}

function toolLines(name: string, definition: RawTool, learnt: LearntSchema | undefined): readonly string[] {
  const summary = commentText(toolSummary(definition));
  const key = isPlainName(name) ? name : stringLiteral(name);
  const choice = actionArgument(definition);
  const head = summary === "" ? [] : [`  // ${summary}`];
  if (choice === null) return [...head, `  ${key}: [`, ...ruleLines({ name, definition, learnt, when: null }), "  ],"];
  const rules = choice.values.flatMap((value) => ruleLines({ name: actionsIn(value).size === 0 ? name : value, definition, learnt, when: `(a) => a.${choice.argument} === ${stringLiteral(value)}` }));
  return [...head, `  ${key}: [`, ...rules, "  ],"];
}

interface DraftRule {
  /** What may say what the calls do: the tool's name, or the value of its argument. */
  readonly name: string;
  readonly definition: RawTool;
  readonly learnt: LearntSchema | undefined;
  readonly when: string | null;
}

/** One rule with the comments above it that say what to decide. */
function ruleLines({ name, definition, learnt, when }: DraftRule): readonly string[] {
  const { effect, todo } = effectOf(name, definition);
  const paging = when === null ? guessPaging(definition, learnt) : null;
  const todos = [todo, ...(effect === "read" ? [] : writeTodos(definition)), ...(paging?.kind === "unclear" ? [`it takes ${paging.param}: say how it pages.`] : [])];
  const likely = paging?.kind === "pages" && effect === "write" ? [`if it reads, its pages may be: pages: ${paging.text}`] : [];
  const parts = [
    ...(when === null ? [] : [`when: ${when}`]),
    `effect: "${effect}"`,
    ...(effect === "read" && paging?.kind === "pages" ? [`pages: ${paging.text}`] : []),
    ...(effect === "write" && isDestructive(name, definition) ? ['undo: "none"'] : []),
  ];
  return [...[...todos, ...likely].filter((text) => text !== "").map((text) => `    // TODO: ${text}`), `    { ${parts.join(", ")} },`];
}

function effectOf(name: string, definition: RawTool): { readonly effect: "read" | "write"; readonly todo: string } {
  const said = actionsIn(name);
  const writes = [...said].some((action: Action) => action !== "read");
  const language = programArgument(definition);
  if (hintsReadOnly(definition) && language !== null) return { effect: "write", todo: `the server calls it read-only, but what ${language} says may write: narrow it with \`when\`.` };
  if (hintsReadOnly(definition) && !writes) return { effect: "read", todo: `${HINTED_READ} Confirm that no arguments make it write.` };
  if (hintsReadOnly(definition)) return { effect: "write", todo: "the server calls it read-only, its name says otherwise: which is true?" };
  if (said.has("read") && !writes) return { effect: "write", todo: 'by its name it reads, and nobody says so. When you know: effect: "read".' };
  return { effect: "write", todo: "" };
}

/** An argument that holds a program: one real `aggregate` calls itself read-only and writes with `$merge`. */
function programArgument(definition: RawTool): string | null {
  const properties = field(definition["inputSchema"], "properties");
  return isRecord(properties) ? (Object.keys(properties).find((name) => /^(?:pipeline|sql|statement|script|code|command|cypher|graphql|mutation|function)$/i.test(name)) ?? null) : null;
}

function writeTodos(definition: RawTool): readonly string[] {
  return field(definition["annotations"], "idempotentHint") === true && !hintsReadOnly(definition) ? ["a hint: the server says that repeating it does nothing more. When you know: idempotent: true."] : [];
}

/** Where it is not known, a plan says rather that it cannot be undone. */
function isDestructive(name: string, definition: RawTool): boolean {
  return (field(definition["annotations"], "destructiveHint") === true && !hintsReadOnly(definition)) || actionsIn(name).has("remove");
}

const ACTION_ARGUMENTS = ["action", "operation", "op", "command", "method", "mode"];
const MOST_ACTIONS = 60;

/** The argument that decides what a call does: one rule for each of its values. */
function actionArgument(definition: RawTool): { readonly argument: string; readonly values: readonly string[] } | null {
  const properties = field(definition["inputSchema"], "properties");
  if (!isRecord(properties)) return null;
  const argument = ACTION_ARGUMENTS.find((name) => Object.hasOwn(properties, name));
  const values = argument === undefined ? undefined : field(properties[argument], "enum");
  if (argument === undefined || values === undefined || !isList(values)) return null;
  const texts = values.filter((value) => typeof value === "string");
  return texts.length < 2 || texts.length > MOST_ACTIONS || texts.length !== values.length ? null : { argument, values: [...new Set(texts)] };
}

/** A server's words in a comment: on one line, nothing hidden, and no end of it. */
function commentText(text: string): string {
  return shorten(visibleLine(text).replaceAll("*/", "*\\/"), 140);
}
