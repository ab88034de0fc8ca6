import { isOffstageError, parseReference, type Reference, referencesIn } from "offstage/base";
import { variableNameOf, type DeclaredInput } from "../config/inputs.ts";
import { looksSecret } from "../config/secret-looks.ts";
import { soundsSecret } from "../config/secret-names.ts";
import type { ClientFormat } from "./client-files.ts";
import type { ForeignEntry } from "./foreign-entry.ts";

/** What an entry's references mean depends on who reads it. */
export interface Reader {
  readonly format: ClientFormat;
  readonly inputs: readonly DeclaredInput[];
}

/** An entry whose references are ours, or why it has none of ours. */
export type Translated = { readonly ok: true; readonly entry: ForeignEntry } | { readonly ok: false; readonly why: string };

class Unknown extends Error {}

/** Writes the references of another client as ours. Those that only Offstage follows are refused: nobody who wrote them for it meant them. */
export function translateReferences(entry: ForeignEntry, reader: Reader): Translated {
  const text = (value: string): string => translateText(reader.format === "gemini" ? value.replace(/\$([A-Za-z_]\w*)/g, "${$1}") : value, reader);
  const all = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
  const optional = (value: string | null): string | null => (value === null ? null : text(value));
  try {
    if (entry.kind === "http") return { ok: true, entry: { ...entry, url: text(entry.url), headers: all(entry.headers) } };
    return { ok: true, entry: { ...entry, command: text(entry.command), args: entry.args.map(text), env: all(entry.env), cwd: optional(entry.cwd), envFile: optional(entry.envFile) } };
  } catch (error) {
    if (error instanceof Unknown) return { ok: false, why: error.message };
    throw error;
  }
}

function translateText(text: string, reader: Reader): string {
  let made = "";
  let end = 0;
  for (const { index, text: whole, inner } of referencesIn(text)) {
    made += text.slice(end, index) + translated(parsed(inner), whole, reader);
    end = index + whole.length;
  }
  return made + text.slice(end);
}

function parsed(inner: string): Reference {
  try {
    return parseReference(inner, "");
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    // Not quoted: it may be anything.
    throw new Unknown("it holds a reference that Offstage does not know");
  }
}

function translated(reference: Reference, whole: string, { inputs }: Reader): string {
  switch (reference.form) {
    case "env":
      return variable(reference.name, reference.fallback, false);
    case "place":
      return whole;
    case "input": {
      const input = inputs.find(({ id }) => id === reference.id);
      return variable(variableNameOf(reference.id), input?.password === true ? null : (input?.default ?? null), input?.password === true);
    }
    case "file":
    case "exec":
    case "secret":
      throw new Unknown(`it holds \${${reference.form}:…}, which its own client does not follow and Offstage would`);
  }
}

/** A default that may be a secret is left out. */
function variable(name: string, fallback: string | null, hidden: boolean): string {
  if (looksSecret(name)) throw new Unknown("it names a variable whose name looks like a secret");
  const form = hidden && !soundsSecret(name) ? "secret" : "env";
  const keeps = fallback !== null && form === "env" && !soundsSecret(name) && !looksSecret(fallback) && !/[${}]/.test(fallback);
  return `\${${form}:${name}${keeps ? `:-${fallback}` : ""}}`;
}
