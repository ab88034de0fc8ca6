import { type JsonObject, OffstageError, parseReference, referencesIn } from "offstage/base";
import type { ExportSource } from "offstage/bundle";
import { readForeignEntry } from "../clients/foreign-entry.ts";
import { bare, saysHow, withoutSecrets } from "../clients/without-secrets.ts";
import { holdsToken, looksSecret } from "../config/secret-looks.ts";
import { isSecretName, soundsSecret } from "../config/secret-names.ts";
import { SERVERS_FILE } from "../config/server-entry.ts";
import { SETTINGS_FILE, type Settings } from "../config/settings.ts";

/** What of a project goes into an export as it stands there. What servers told (lock, types, what was learnt) had its secrets taken out when it came in. */
export type ShownParts = Pick<ExportSource, "servers" | "inputs" | "settings" | "settingsText" | "sources" | "packages"> & { readonly profiles: readonly Pick<ExportSource["profiles"][number], "server" | "source">[] };

/** What the project says of its variables. */
type Named = Pick<Settings, "secrets" | "plain">;

/** A text of data: where it stands, for people, and as what. */
interface Member {
  readonly file: string;
  readonly path: readonly string[];
  readonly text: string;
}

/** What is exported is shown to others, put into repositories and images. Errors: `EXPORT_REFUSED`, with its place and without the secret. */
export function refuseSecrets({ servers, inputs, settings, settingsText, sources, packages, profiles }: ShownParts, named: Named): void {
  const texts = [...sources, [SETTINGS_FILE, settingsText] as const, ...profiles.map(({ server, source }) => [`profiles/${server}.ts`, source ?? ""] as const)];
  for (const [file, text] of texts) refuseInText(file, text);
  for (const [name, entry] of Object.entries(servers)) refuseInEntry(name, entry, named);
  const hidden = new Set(inputs.flatMap(({ id, password }) => (password === true ? [id] : [])));
  const members = [...membersIn(SERVERS_FILE, servers), ...membersIn(SERVERS_FILE, inputs, ["inputs"]), ...membersIn(SETTINGS_FILE, settings)];
  for (const member of members) {
    if (looksSecret(writtenIn(member.text)) || holdsOneInReference(member, named) || (member.file === SETTINGS_FILE && isForSecret(member.path, hidden) && writtenIn(member.text).trim() !== "")) throw refused(placeOf(member));
  }
  for (const [name, version] of Object.entries(packages)) {
    // A snapshot's version looks as random as a token does.
    if (holdsToken(version) || (/[:/]/.test(version) && looksSecret(version))) throw refused(`package.json, ${name}`, "npm has its own places for what it logs in with, as .npmrc of whoever installs it.");
  }
}

/** As `offstage init` looks at the entries of other clients: what it would not write down is not exported. */
function refuseInEntry(server: string, entry: JsonObject, named: Named): void {
  const read = readForeignEntry(mapTexts(entry, withFallbacks), "mcpServers");
  if (!read.ok) throw refused(`${SERVERS_FILE}, ${server}`, `It cannot be looked through, since ${read.why}.`);
  const cleared = withoutSecrets(server, read.entry, { take: (_server, purpose) => `${server}_${purpose}`.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase().slice(0, 60) });
  if (!cleared.ok) throw refused(`${SERVERS_FILE}, ${server}`, `Of the server ${server}, ${cleared.why}.`);
  const [listed] = read.entry.kind === "http" ? [] : Object.entries(read.entry.env).filter(([name, value]) => named.secrets.includes(name) && bare(value).trim() !== "").map(([name]) => name);
  const moved = [...cleared.moved, ...(listed === undefined ? [] : [{ place: `env ${listed}`, variable: listed }])];
  if (moved.length > 0) throw refused(`${SERVERS_FILE}, ${server}`, `Set a variable, and refer to it, without a default: ${moved.map(({ place, variable }) => `${place} → \${env:${variable}}`).join(", ")}.`);
}

/** A default of a variable that is a secret; a token in a path or among the words of a program; a password that a program is given. */
function holdsOneInReference({ file, text }: Member, named: Named): boolean {
  return referencesIn(text).some(({ inner }) => {
    if (holdsToken(inner)) return true;
    const reference = parseReference(inner, file);
    if (reference.form === "exec") return GIVEN.test(reference.argv.join(" "));
    return reference.form === "env" && (reference.fallback ?? "").trim() !== "" && isSecretName(reference.name, named) && !saysHow(reference.name, reference.fallback ?? "");
  });
}

/** `vault read -token x`, `curl -H "Authorization: Bearer x"`. Not `--secret-id` and `--secret`, by which programs are told which one is asked for. */
const GIVEN = /(?:^|\s)--?[\w-]*(?:password|passphrase|passwd|pwd|token)(?:=|\s+)(?![-\s])\S|\b(?:Bearer|Basic)\s+[\w.~+/=-]{6,}/i;

/** A member of the settings that has a secret in it, or what an input has that is one. The lists of names are none. */
function isForSecret(path: readonly string[], hidden: ReadonlySet<unknown>): boolean {
  const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
  if (path[0] === "inputs") return hidden.has(path[1]) || soundsSecret(name);
  return path[0] !== "secrets" && path[0] !== "plain" && soundsSecret(name);
}

/** Also in comments, which are exported with it. */
function refuseInText(file: string, text: string): void {
  const line = text.split("\n").findIndex(holdsToken);
  if (line !== -1) throw refused(`${file}:${line + 1}`, "No text of a workflow or of its settings has to hold one: servers get their secrets from mcp.json, where ${env:NAME} refers to it.");
}

/** What a text says beside its references, and what holds in their place. */
function writtenIn(text: string): string {
  return bare(withFallbacks(text));
}

/** `${env:X:-text}` writes that text out. */
function withFallbacks(text: string): string {
  return text.replace(/\$\{[^}]*?:-([^}]+)\}/g, "$1");
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapTexts(one, change)])) : value;
}

function membersIn(file: string, value: unknown, path: readonly string[] = []): readonly Member[] {
  if (typeof value === "string") return [{ file, path, text: value }];
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([name, one]) => membersIn(file, one, [...path, name])) : [];
}

function placeOf({ file, path }: Member): string {
  return `${file}, ${path.join(".")}`;
}

function refused(place: string, hint = "Refer to it, as ${env:NAME}, without a default: what is exported is shown to others."): OffstageError {
  return new OffstageError("EXPORT_REFUSED", `${place}: something that looks like a secret is written out.`, { hint });
}
