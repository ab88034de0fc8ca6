import { basename, sep } from "node:path";
import { OffstageError, parseReference, type Place, type Reference, referencesIn } from "offstage/base";
import { variableOf } from "./environment.ts";
import { type Inputs, type InputValue, inputText } from "./inputs.ts";
import { type RunForSecret, shownProgram } from "./run-for-secret.ts";
import { fileText, type SecretPlaces, secretText, variableText } from "./secret-sources.ts";

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
export interface Sources extends SecretPlaces {
  /** Whether the variable of that name holds a secret. */
  readonly isSecret: (name: string) => boolean;
  readonly inputs: Inputs;
  /** Null where programs are not run only to know what they would say. */
  readonly run: RunForSecret | null;
}

interface Found extends NamedSecret {
  readonly secret: boolean;
  /** How it is shown when it is no secret. */
  readonly shown?: string;
}

/**
 * Replaces the references in a text. What files, programs and `${secret:X}` give are secrets always, variables when `isSecret` says
 * so, inputs when VS Code would hide them. Errors: `SECRET_MISSING` for what is not there, `CONFIG_INVALID` for what is no reference, or has
 * a zero byte in it.
 */
export function resolveReferences(text: string, sources: Sources, place: string): ResolvedText {
  const secrets: NamedSecret[] = [];
  let shown = "";
  let value = "";
  let end = 0;
  for (const { index, text: whole, inner } of referencesIn(text)) {
    const found = lookUp(parseReference(inner, place), sources, place);
    const between = text.slice(end, index);
    value += between + found.value;
    shown += between + (found.secret ? `[${found.name}]` : (found.shown ?? found.value));
    if (found.secret) secrets.push({ name: found.name, value: found.value });
    end = index + whole.length;
  }
  value += text.slice(end);
  // No system takes it in an argument or a variable; and who refuses it may quote all that stands around it.
  if (value.includes("\0")) throw new OffstageError("CONFIG_INVALID", `${place}: there is a zero byte (NUL) in a value.`, { hint: "Take it out; what a reference names has to be text in UTF-8." });
  return { value, shown: shown + text.slice(end), secrets };
}

function lookUp(reference: Reference, sources: Sources, place: string): Found {
  switch (reference.form) {
    case "env":
      return variable(reference, sources, place);
    case "file":
      return { name: lastPart(reference.path), value: fileText(reference.path, sources, place), secret: true };
    case "secret":
      return { name: reference.name, value: secretText(reference.name, sources, place), secret: true };
    case "exec":
      if (sources.run === null) throw new OffstageError("SECRET_MISSING", `${place}: ${shownProgram(reference.argv)} is run when its server is needed.`);
      return { name: shownProgram(reference.argv), value: sources.run(reference.argv, place), secret: true };
    case "input":
      return input(reference.id, sources, place);
    case "place":
      // A project that moves, or has another owner, speaks to the same site: targets keep the name.
      return { name: reference.name, value: placeText(reference.name, sources, place), secret: false, shown: `\${${reference.name}}` };
  }
}

function variable({ name, fallback }: Extract<Reference, { form: "env" }>, sources: Sources, place: string): Found {
  const set = variableOf(sources.env, name) ?? "";
  // What stands in the file is not what the name promises to be kept from texts.
  if (set === "" && fallback !== null) return { name, value: fallback, secret: false };
  return { name, value: variableText(name, sources, place), secret: sources.isSecret(name) };
}

function input(id: string, sources: Sources, place: string): Found {
  const given: InputValue = inputText(id, sources.inputs, place);
  const made = resolveReferences(given.text, { ...sources, inputs: { declared: new Map(), values: {} } }, `${place}, input ${id}`);
  given.check(made.value);
  return { name: id, value: made.value, secret: given.hidden || made.secrets.length > 0 || sources.isSecret(id), shown: made.shown };
}

function placeText(name: Place, { env, folder }: SecretPlaces, place: string): string {
  switch (name) {
    case "workspaceFolder":
      return folder;
    case "workspaceFolderBasename":
      return basename(folder);
    case "pathSeparator":
      return sep;
    case "userHome":
      return env["HOME"] ?? variableText("USERPROFILE", { env, folder }, place);
  }
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
