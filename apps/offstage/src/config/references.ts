import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { OffstageError } from "offstage/base";
import type { Environment } from "./environment.ts";

/** A text whose references are resolved. */
export interface ResolvedText {
  /** With the values in it. */
  readonly value: string;
  /** With `[NAME]` where a secret stands: safe to show and to hash. */
  readonly shown: string;
  /** The secrets in it. */
  readonly secrets: readonly NamedSecret[];
}

/** A secret value and what people call it. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** Where references are looked up. */
export interface Sources {
  readonly env: Environment;
  /** The project's folder: relative files are looked for there. */
  readonly folder: string;
  /** Whether the variable of that name holds a secret. */
  readonly isSecret: (name: string) => boolean;
}

const REFERENCE = /\$\{([^}]*)\}/g;
const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Replaces `${env:X}` and `${file:path}`. Files are secrets always, variables when `isSecret` says so.
 * Errors: `SECRET_MISSING` when there is no such variable or file; `NOT_YET` for the forms that other clients have.
 */
export function resolveReferences(text: string, sources: Sources, place: string): ResolvedText {
  const secrets: NamedSecret[] = [];
  let shown = "";
  let value = "";
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const found = lookUp(match[1] ?? "", sources, place);
    const between = text.slice(end, match.index);
    value += between + found.value;
    shown += between + (found.secret ? `[${found.name}]` : found.value);
    if (found.secret) secrets.push({ name: found.name, value: found.value });
    end = match.index + match[0].length;
  }
  return { value: value + text.slice(end), shown: shown + text.slice(end), secrets };
}

/** The references in a text, each as it stands there. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[0]);
}

function lookUp(reference: string, sources: Sources, place: string): NamedSecret & { readonly secret: boolean } {
  const [form = "", ...rest] = reference.split(":");
  const name = rest.join(":");
  if (form === "env" && name !== "") return { name, value: variable(name, sources, place), secret: sources.isSecret(name) };
  if (form === "file" && name !== "") return { name: fileName(name), value: fileText(name, sources, place), secret: true };
  const known = ["exec", "input", "secret"].includes(form) ? "is not built yet" : "is not a reference that Offstage knows";
  throw new OffstageError("NOT_YET", `${place}: \${${reference}} ${known}.`, { hint: /^\w+$/.test(reference) ? `Write \${env:${reference}} for an environment variable.` : "Use ${env:NAME} or ${file:path}." });
}

function variable(name: string, sources: Sources, place: string): string {
  const value = sources.env[name];
  if (value !== undefined && value !== "") return value;
  throw new OffstageError("SECRET_MISSING", `${place}: the environment variable ${name} is ${value === undefined ? "not set" : "empty"}.`, { hint: `Set it before you start Offstage: export ${name}=…` });
}

function fileText(path: string, sources: Sources, place: string): string {
  const full = isAbsolute(path) ? path : join(sources.folder, path);
  try {
    if (statSync(full).size > MAX_SECRET_BYTES) throw new Error(`it has more than ${MAX_SECRET_BYTES} bytes`);
    const text = readFileSync(full, "utf8").replace(/\r?\n$/, "");
    if (text.trim() === "") throw new Error("it is empty");
    return text;
  } catch (error) {
    throw new OffstageError("SECRET_MISSING", `${place}: the file ${path} cannot be used: ${(error as Error).message}`, { hint: "Write the secret into that file, or name another one.", cause: error });
  }
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
