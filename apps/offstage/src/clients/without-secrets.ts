import { referencesIn } from "offstage/base";
import { maskCredentials } from "../config/credentials.ts";
import { looksSecret } from "../config/secret-looks.ts";
import { isConnectionName, isLogin, mayBeMode, mayBeSecret, soundsSecret } from "../config/secret-names.ts";
import type { ForeignEntry } from "./foreign-entry.ts";
import type { VariableNames } from "./variable-names.ts";

/** A secret that stays where it is. */
export interface Moved {
  /** The variable that is referred to in its place. */
  readonly variable: string;
  /** Where in the entry it stands, for people. */
  readonly place: string;
  readonly value: string;
}

/** An entry that may be written down, and what was in it that may not; or why there is none. */
export type Cleared = { readonly ok: true; readonly entry: ForeignEntry; readonly moved: readonly Moved[] } | { readonly ok: false; readonly why: string };

/** Two texts have so much in common by chance. */
const CHANCE = 8;

/** Puts a reference in the place of whatever is, or looks like, a secret: by its name, by its shape, or because a secret stands there elsewhere. */
export function withoutSecrets(server: string, entry: ForeignEntry, names: VariableNames): Cleared {
  const moved: Moved[] = [];
  const clear = (value: string, name: string | null, place: string): string => {
    if (!isSecret(value, name)) return value;
    const [, scheme = "", rest = value] = /^((?:Bearer|Basic|Token)\s+)(.+)$/is.exec(value) ?? [];
    const purpose = scheme !== "" ? "TOKEN" : isLogin(name ?? "", value) ? "CREDENTIALS" : (name ?? (maskCredentials(value).urls.length > 0 ? "URL" : place));
    const variable = names.take(server, purpose, rest);
    moved.push({ variable, place, value: rest });
    return scheme + referenceTo(variable, rest);
  };
  const record = (values: Readonly<Record<string, string>>, what: string): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, saysHow(name, value) ? value : clear(value, name, `${what} ${name}`)]));
  const cleared: ForeignEntry =
    entry.kind === "http"
      ? { ...entry, url: clear(entry.url, null, "url"), headers: record(entry.headers, "header") }
      : { ...entry, args: entry.args.map((arg, index) => clearArgument(arg, entry.args.slice(0, index), (value, name) => clear(value, name, `argument ${index + 1}`))), env: record(entry.env, "env") };
  const left = textsOf(cleared);
  const fixed = cleared.kind === "http" ? [] : [cleared.command, cleared.cwd ?? "", cleared.envFile ?? ""];
  if (fixed.some((text) => looksSecret(bare(text)))) return { ok: false, why: "its command or folder looks as if it held a secret" };
  if (left.some((text) => looksSecret(bare(text)) || moved.some(({ value }) => value.length >= CHANCE && text.includes(value)))) return { ok: false, why: "a secret of it stands where it cannot be taken out" };
  return { ok: true, entry: cleared, moved };
}

/** All texts of an entry that are written down, names included. */
export function textsOf(entry: ForeignEntry): readonly string[] {
  const members = Object.entries(entry.kind === "http" ? entry.headers : entry.env).flat();
  return entry.kind === "http" ? [entry.url, ...members] : [entry.command, ...entry.args, ...members, entry.cwd ?? "", entry.envFile ?? ""];
}

/** `postgres://ada:${env:PASSWORD}@db/x`: what is secret of it is a reference already. */
const PASSWORD_REFERRED_TO = /^[a-z][\w+.-]*:\/\/[^/@\s]*:\$\{[^}]+\}@[^?]*$/i;

function isSecret(value: string, name: string | null): boolean {
  const literal = bare(value);
  if (literal.trim() === "") return false;
  if (looksSecret(literal)) return true;
  if (name !== null && isConnectionName(name) && PASSWORD_REFERRED_TO.test(value)) return false;
  if (name === null || !(soundsSecret(name) || isConnectionName(name) || mayBeSecret(name, literal) || isLogin(name, literal))) return false;
  // The scheme before a reference is none.
  return !/^(?:Bearer|Basic|Token)\s*$/i.test(literal);
}

/** `AUTH=basic`. */
export function saysHow(name: string, value: string): boolean {
  return mayBeMode(name) && /^[a-z]{1,7}$/i.test(value);
}

/** `--api-key=x`, `-e TOKEN=x`, `--header "X-Api-Key: x"`, `--api-key x` and `-u ada:x`. */
function clearArgument(arg: string, earlier: readonly string[], clear: (value: string, name: string | null) => string): string {
  const before = earlier.at(-1) ?? "";
  if (isPassword(arg, earlier)) return clear(arg, "password");
  const [, pair = "", equals = "", value = ""] = /^(-{0,2}[A-Za-z_][\w.-]{0,63})(=)(\S*)$/.exec(arg) ?? [];
  if (equals !== "" && !looksSecret(pair)) return `${pair}=${clear(value, pair)}`;
  const [, header = "", colon = "", field = ""] = /^([A-Za-z][\w-]{0,63})(:\s*)(?!\/\/)(.+)$/s.exec(arg) ?? [];
  if (colon !== "" && !looksSecret(header) && (soundsSecret(header) || /^(?:-H|--headers?)$/.test(before))) return `${header}${colon}${clear(field, header)}`;
  const named = /^--?[A-Za-z][\w-]*$/.test(before) && (soundsSecret(before) || mayBeSecret(before, arg) || isLogin(before, arg)) && !arg.startsWith("--");
  return clear(arg, named ? before : null);
}

/** `-p hunter-2` behind a program's name (before it the flag is npx's own), unless it is a port or a path. */
function isPassword(arg: string, earlier: readonly string[]): boolean {
  return earlier.at(-1) === "-p" && earlier.slice(0, -1).some((one) => !one.startsWith("-")) && bare(arg) === arg && /^(?![\d.:]+$|[./~\\-]|[A-Za-z]:\\|https?:)\S{6,}$/.test(arg);
}

/** Always a secret, unless the name says so already, or the value where it is met: a URL with a password in it still tells a site. */
function referenceTo(name: string, value: string): string {
  const masked = maskCredentials(value);
  const tells = soundsSecret(name) || isConnectionName(name) || (masked.credentials.length > 0 && masked.urls.length > 0 && !looksSecret(masked.shown));
  return `\${${tells ? "env" : "secret"}:${name}}`;
}

/** What is written in a text besides its references. One behind a flag leaves a `$`: the next word is not what that flag names. */
export function bare(text: string): string {
  return referencesIn(text).reduceRight((rest, { index, text: whole }) => `${rest.slice(0, index)}${/(?:^|\s)--?[A-Za-z][\w-]{0,63}\s+$/.test(rest.slice(0, index)) ? "$" : ""}${rest.slice(index + whole.length)}`, text);
}
