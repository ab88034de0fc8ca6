import { isRounded } from "../config/is-rounded.ts";
import type { ClientFormat } from "./client-files.ts";
import { record } from "./listed-servers.ts";

/** The parts of another client's entry that say what to start or where to go, all of them texts. Values are as they stand there: secrets are in it. */
export type ForeignEntry =
  | { readonly kind: "stdio"; readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly cwd: string | null; readonly envFile: string | null }
  | { readonly kind: "http"; readonly type: string | null; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** An entry, or why it is none. */
export type ReadEntry = { readonly ok: true; readonly entry: ForeignEntry } | { readonly ok: false; readonly why: string };

const MOST_ITEMS = 200;
const LONGEST = 8 * 1024;

class Odd extends Error {}

/** Reads an entry of any client; settings that are only the client's own are left out. */
export function readForeignEntry(value: unknown, format: ClientFormat): ReadEntry {
  const fields = record(value);
  try {
    if (fields["disabled"] === true || fields["enabled"] === false) return { ok: false, why: "it is switched off there" };
    const url = [fields["url"], fields["serverUrl"], fields["httpUrl"]].find((one) => typeof one === "string" && one !== "");
    if (url !== undefined) return { ok: true, entry: httpEntry(fields, text(url)) };
    const command = record(fields["command"]);
    // Zed's older entries have all of it below `command`.
    const started = typeof command["path"] === "string" ? { ...fields, ...command, command: command["path"] } : fields;
    if (typeof started["command"] !== "string" || started["command"] === "") return { ok: false, why: format === "zed" ? "an extension of Zed starts it" : "it has neither a command nor a URL" };
    const forwarded = format === "codex" ? list(fields["env_vars"]).filter((name) => /^\w+$/.test(name)).map((name) => [name, `\${${name}}`] as const) : [];
    return {
      ok: true,
      entry: { kind: "stdio", command: text(started["command"]), args: list(started["args"]), env: { ...Object.fromEntries(forwarded), ...texts(started["env"]) }, cwd: optional(started["cwd"]), envFile: optional(started["envFile"]) },
    };
  } catch (error) {
    if (error instanceof Odd) return { ok: false, why: error.message };
    throw error;
  }
}

/** Codex names variables where others write values. */
function httpEntry(fields: Readonly<Record<string, unknown>>, url: string): ForeignEntry {
  const bearer = fields["bearer_token_env_var"];
  const named = Object.entries(texts(fields["env_http_headers"])).map(([header, name]): [string, string] => [header, `\${env:${name}}`]);
  return {
    kind: "http",
    type: typeof fields["type"] === "string" ? fields["type"] : null,
    url,
    headers: { ...texts(fields["headers"]), ...texts(fields["http_headers"]), ...Object.fromEntries(named), ...(bearer === undefined ? {} : { Authorization: `Bearer \${env:${text(bearer)}}` }) },
  };
}

function text(value: unknown): string {
  const made = typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : value;
  if (typeof made !== "string") throw new Odd("a value in it is no text");
  if (isRounded(value)) throw new Odd("a number in it has so many digits that it was rounded when it was read");
  if (made.length > LONGEST) throw new Odd(`a value in it has more than ${LONGEST} characters`);
  return made;
}

function optional(value: unknown): string | null {
  return value === undefined || value === null || value === "" ? null : text(value);
}

function list(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Odd("its arguments are no list");
  if (value.length > MOST_ITEMS) throw new Odd(`it has more than ${MOST_ITEMS} arguments`);
  return value.map(text);
}

/** Variables that are null, as some clients write what is not set, are not there. */
function texts(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Odd("its variables or headers are no object");
  const members = Object.entries(value).filter(([, one]) => one !== null);
  if (members.length > MOST_ITEMS) throw new Odd(`it has more than ${MOST_ITEMS} variables or headers`);
  if (members.some(([name]) => !/^(?!__proto__$)[A-Za-z_][\w.()-]{0,127}$/.test(name))) throw new Odd("one of its variables or headers has a name that is none");
  return Object.fromEntries(members.map(([name, one]) => [name, text(one)]));
}
