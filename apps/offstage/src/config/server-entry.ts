import { type Diagnostic, isOffstageError, type JsonObject, parseExact } from "offstage/base";
import { locate } from "offstage/tools";
import { z } from "zod";
import { checkShape } from "./check-shape.ts";
import { type DeclaredInput, inputsSchema } from "./inputs.ts";
import { isRounded } from "./is-rounded.ts";
import { plainJson } from "./plain-json.ts";
import { parsePositioned } from "./positioned-data.ts";
import { configFault, placeAt, START } from "./read-document.ts";

/** One server of `mcp.json` as it stands there: references like `${env:X}` are not resolved yet. */
export type ServerEntry =
  | { readonly kind: "stdio"; readonly name: string; readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly cwd: string | null; readonly envFile: string | null }
  | { readonly kind: "http"; readonly name: string; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly sse?: true };

/** The file's name. */
export const SERVERS_FILE = "mcp.json";

/** What workflows can write for a server. */
export const SERVER_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Whoever reads JSON has rounded such a number before anybody sees it: the id of somebody else, often of something that is there. */
const scalar = z
  .union([z.string(), z.number(), z.boolean()])
  .refine((value) => !isRounded(value), { message: "A number with so many digits is rounded when it is read: write it in quotes." })
  .transform(String);

const variables = z.record(z.string().regex(/^[^=\0]+$/, "A variable's name is not empty, and has no = and no zero byte in it."), scalar);
/** RFC 9110, 5.1. */
const headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "A header's name has letters, digits, - and _ only."), scalar);

/** Where an http server is, as each client calls it: `serverUrl` is Windsurf's, `httpUrl` Gemini's. */
const URL_FIELDS = ["url", "serverUrl", "httpUrl"] as const;

/** Clients put settings of their own into an entry (`alwaysAllow`, `icon`, …): they are left alone. */
const entrySchema = z
  .object({ type: z.string(), command: z.string().min(1), args: z.array(scalar), env: variables, cwd: z.string(), envFile: z.string(), url: z.string().min(1), serverUrl: z.string().min(1), httpUrl: z.string().min(1), headers, disabled: z.boolean() })
  .partial()
  .refine((entry) => [entry.command, ...URL_FIELDS.map((field) => entry[field])].filter((value) => value !== undefined).length === 1, { message: "A server has either a `command` or a `url`." });

const entries = z.record(z.string().regex(SERVER_NAME, "A server's name begins with a letter and has letters, digits, - and _ only."), entrySchema);

/** Claude Desktop, Cursor and Claude Code write `mcpServers`; VS Code writes `servers` and `inputs`. */
const schema = z.object({ mcpServers: entries, servers: entries, inputs: inputsSchema }).partial().refine((file) => file.mcpServers !== undefined || file.servers !== undefined, { message: "There is no `mcpServers` (or `servers`) here." });

/** Of an entry what is read of it. Notes of a person and settings of other clients are none of that, nor is `env` of what is elsewhere. */
export function readMembers(entry: JsonObject): JsonObject {
  const read: readonly string[] = entry["command"] === undefined ? [...URL_FIELDS, "headers"] : ["command", "args", "env", "cwd", "envFile"];
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name === "type" || read.includes(name)));
}

/** What `mcp.json` says. */
export interface ServersFile {
  readonly servers: readonly ServerEntry[];
  /** The names of those that are switched off. */
  readonly disabled: readonly string[];
  readonly inputs: readonly DeclaredInput[];
}

export type ParsedServers = ({ readonly ok: true } & ServersFile) | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads the text of `mcp.json`; comments and a comma too many disturb nobody, since other clients write them. Disabled servers are only named. */
export function parseServers(text: string): ParsedServers {
  const json = plainJson(text);
  const syntax = jsonFault(json);
  if (syntax !== null) return { ok: false, diagnostics: [syntax] };
  // It is JSON: tabs are white space between tokens, which YAML reads otherwise. Offsets stay.
  const parsed = parsePositioned(json.replaceAll("\t", " "), SERVERS_FILE);
  if (!parsed.ok) return parsed;
  const shaped = checkShape(schema, parsed.document, SERVERS_FILE);
  if (!shaped.ok) return shaped;
  const twice = Object.keys(shaped.value.servers ?? {}).filter((name) => Object.hasOwn(shaped.value.mcpServers ?? {}, name));
  if (twice.length > 0) return { ok: false, diagnostics: twice.map((name) => configFault(SERVERS_FILE, parsed.document.placeOf(["servers", name]), `The server "${name}" is in \`mcpServers\` too.`)) };
  const all = Object.entries({ ...shaped.value.mcpServers, ...shaped.value.servers });
  const disabled = all.filter(([, entry]) => entry.disabled === true).map(([name]) => name);
  return { ok: true, servers: all.filter(([name]) => !disabled.includes(name)).map(([name, entry]) => serverEntry(name, entry)), disabled, inputs: shaped.value.inputs ?? [] };
}

function serverEntry(name: string, entry: z.infer<typeof entrySchema>): ServerEntry {
  if (entry.command === undefined) return { kind: "http", name, url: entry.url ?? entry.serverUrl ?? entry.httpUrl ?? "", headers: entry.headers ?? {}, ...(entry.type === "sse" ? { sse: true } : {}) };
  return { kind: "stdio", name, command: entry.command, args: entry.args ?? [], env: entry.env ?? {}, cwd: entry.cwd ?? null, envFile: entry.envFile ?? null };
}

function jsonFault(text: string): Diagnostic | null {
  const json = text.replace(/^\uFEFF/, "");
  try {
    parseExact(json);
    return null;
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    if (error.code === "VALUE_TOO_DEEP") return configFault(SERVERS_FILE, START, `This is nested too deeply: ${error.message}`);
    // Said without what stands there: it may be the half of a secret.
    return configFault(SERVERS_FILE, placeAt(text, locate(json, []).offset), error.message, "Look for a comma or a quote too many or too few.");
  }
}
