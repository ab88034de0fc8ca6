import { isAbsolute, join } from "node:path";
import { isOffstageError, OffstageError, type Redactor, referencesIn } from "offstage/base";
import type { ServerConfig } from "offstage/mcp";
import { maskCredentials } from "./credentials.ts";
import { readEnvFile } from "./env-file.ts";
import { registerHost } from "./register-host.ts";
import { type NamedSecret, type ResolvedText, resolveReferences, type Sources } from "./references.ts";
import { resolveAll } from "./resolve-all.ts";
import { isConnectionName, mayBeMode, soundsSecret } from "./secret-names.ts";
import { SERVERS_FILE, type ServerEntry } from "./server-entry.ts";
import { targetOf } from "./target.ts";

/** A server as the library needs it: every reference replaced, every secret registered. */
export interface ResolvedServer {
  readonly config: ServerConfig;
  /** See {@link targetOf}. */
  readonly target: string;
  /** The values of the secrets that its entry names. */
  readonly secrets: readonly string[];
}

/** The redactor takes no shorter secrets. */
const SHORTEST_GUESS = 8;

/** What requests carry (Fetch standard; RFC 9110, 5.5). */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Names whose values stand before the colon of a Basic credential. */
const USER_NAME = /user|e-?mail|login|account|client_?id/i;

/**
 * Resolves one server, when it is needed and not before: a missing secret of a server that nobody uses disturbs nobody.
 * Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID` for what is no reference.
 */
export function resolveServer(entry: ServerEntry, sources: Sources, redactor: Redactor): ResolvedServer {
  return entry.kind === "http" ? resolveHttp(entry, sources, redactor) : resolveStdio(entry, sources, redactor);
}

/**
 * Registers what can be resolved of a server that cannot be resolved as a whole: what it told once is in the store, and is shown
 * by commands that start nothing. What is missing, or too short, is told by who needs the server.
 */
export function registerSecrets(entry: ServerEntry, sources: Sources, redactor: Redactor): void {
  const record = entry.kind === "http" ? entry.headers : entry.env;
  const texts = entry.kind === "http" ? [entry.url] : [entry.command, ...entry.args, entry.cwd ?? ""];
  const references = [...texts, ...Object.values(record)].flatMap(referencesIn).map(({ text }) => text);
  const alone: ServerEntry = { kind: "http", name: entry.name, url: "", headers: {} };
  const envFile: readonly ServerEntry[] = entry.kind === "http" ? [] : [{ ...entry, command: "", args: [], env: {}, cwd: null }];
  const parts: readonly ServerEntry[] = [...envFile, ...Object.entries(record).map(([name, text]) => ({ ...alone, headers: { [name]: text } })), ...[...texts, ...references].map((url) => ({ ...alone, url }))];
  for (const part of parts) {
    try {
      resolveServer(part, sources, redactor);
    } catch (error) {
      if (!isOffstageError(error)) throw error;
    }
  }
}

function resolveStdio(entry: Extract<ServerEntry, { kind: "stdio" }>, sources: Sources, redactor: Redactor): ResolvedServer {
  const { name } = entry;
  const place = `${SERVERS_FILE}: the server ${name}`;
  const fromFile = entry.envFile === null ? {} : literal(readEnvFile(resolveReferences(entry.envFile, sources, place).value, sources, place), sources);
  const env = { ...fromFile, ...resolveRecord(entry.env, sources, place) };
  const texts = [entry.command, ...entry.args, entry.cwd ?? "."].map((text) => resolveReferences(text, sources, place));
  const [command, ...rest] = texts;
  const cwd = rest.at(-1)?.value ?? ".";
  const args = rest.slice(0, -1);
  register([...texts, ...Object.values(env)], env, redactor, name);
  return {
    config: { name, kind: "stdio", command: command?.value ?? "", args: args.map((arg) => arg.value), env: values(env), cwd: isAbsolute(cwd) ? cwd : join(sources.folder, cwd) },
    target: targetOf({ kind: "stdio", args: args.map((arg) => arg.shown), env }),
    secrets: secretsIn([...texts, ...Object.values(env)]),
  };
}

function resolveHttp(entry: Extract<ServerEntry, { kind: "http" }>, sources: Sources, redactor: Redactor): ResolvedServer {
  const place = `${SERVERS_FILE}: the server ${entry.name}`;
  const url = resolveReferences(entry.url, sources, place);
  const headers = resolveRecord(entry.headers, sources, place);
  register([url, ...Object.values(headers)], headers, redactor, entry.name);
  registerHost(url, redactor);
  for (const [name, { value }] of Object.entries(headers)) {
    if (!HEADER_VALUE.test(value.trim())) throw new OffstageError("CONFIG_INVALID", `${place}, ${name}: a header's value has no line break and no character beyond Latin-1 in it, and this one does.`, { hint: "Look at what its reference stands for; a text of several lines, or in other letters, goes into a header in base64 only." });
  }
  const parsed = URL.parse(url.value);
  if (`${parsed?.username ?? ""}${parsed?.password ?? ""}` !== "") throw new OffstageError("CONFIG_INVALID", `${place}: its \`url\` has a user or a password in it, which requests cannot carry.`, { hint: 'Write a header: "headers": { "Authorization": "${env:SHOP_AUTHORIZATION}" }, with the value "Basic " and base64 of user:password.' });
  if (entry.url !== "" && !/^https?:$/.test(parsed?.protocol ?? "")) throw new OffstageError("CONFIG_INVALID", `${place}: its \`url\` is no http or https URL.`, { hint: "Write the whole URL of its MCP endpoint: https://…/mcp" });
  return { config: { name: entry.name, kind: "http", url: url.value, headers: values(headers), ...(entry.sse === true ? { transport: "sse" } : {}) }, target: targetOf({ kind: "http", url: url.shown }), secrets: secretsIn([url, ...Object.values(headers)]) };
}

type Variable = ResolvedText & { readonly secret: boolean };

function resolveRecord(record: Readonly<Record<string, string>>, sources: Sources, place: string): Readonly<Record<string, Variable>> {
  return Object.fromEntries(resolveAll(Object.entries(record), ([name, text]) => [name, variableOf(name, resolveReferences(text, sources, `${place}, ${name}`), sources)]));
}

/** Values that stand for themselves, whatever they look like. */
function literal(record: Readonly<Record<string, string>>, sources: Sources): Readonly<Record<string, Variable>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, variableOf(name, { value, shown: value, secrets: [] }, sources)]));
}

/** A value is secret as a whole when its own name says so, whatever it is made of. */
function variableOf(name: string, made: ResolvedText, sources: Sources): Variable {
  const whole = made.value !== "" && (sources.isSecret(name) || name.toLowerCase() === "authorization") && !(mayBeMode(name) && made.value.length < SHORTEST_GUESS);
  const secrets = whole ? [...made.secrets, { name, value: made.value }] : made.secrets;
  // A URL with a password in it still says where; a variable that is nothing but a secret says nothing that may be told.
  const nothingElse = made.secrets.length === 1 && made.shown === `[${made.secrets[0]?.name ?? ""}]`;
  return { ...made, secrets, secret: whole || nothingElse };
}

function values(record: Readonly<Record<string, ResolvedText>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, { value }]) => [name, value]));
}

function secretsIn(texts: readonly ResolvedText[]): readonly string[] {
  return texts.flatMap(({ secrets }) => secrets.map(({ value }) => value));
}

function register(texts: readonly ResolvedText[], named: Readonly<Record<string, Variable>>, redactor: Redactor, server: string): void {
  const secrets = texts.flatMap((text) => text.secrets);
  for (const secret of [...secrets, ...guesses(texts, named, server)]) registerOne(secret, redactor);
  // A server that gets a user and a token sends them as Basic credentials, and may tell them.
  const users = Object.entries(named).filter(([name]) => USER_NAME.test(name)).map(([, user]) => user.value);
  for (const user of users) for (const secret of secrets) redactor.register(Buffer.from(`${user}:${secret.value}`).toString("base64"), secret.name);
}

/**
 * What nobody called a secret, and looks like one: credentials inside texts, what follows a flag like `--api-key`, connection
 * strings. One too short to be kept out of texts is not refused.
 */
function guesses(texts: readonly ResolvedText[], named: Readonly<Record<string, Variable>>, server: string): readonly NamedSecret[] {
  const inside = texts.flatMap((text) => maskCredentials(text.value).credentials);
  const flagged = texts.filter((_, index) => /^--?[A-Za-z]/.test(texts[index - 1]?.value ?? "") && soundsSecret(texts[index - 1]?.value ?? "")).map((text) => text.value);
  const connections = Object.entries(named).filter(([name]) => isConnectionName(name)).map(([, connection]) => connection.value);
  return [...inside, ...flagged, ...connections].filter((value) => value.trim().length >= SHORTEST_GUESS && !value.startsWith("--")).map((value) => ({ name: `${server} password`, value }));
}

/** Registers a secret; one too short to be kept out of texts is refused. Errors: `SECRET_TOO_SHORT`. */
export function registerOne(secret: NamedSecret, redactor: Redactor): void {
  try {
    redactor.register(secret.value, secret.name);
  } catch (error) {
    if (!isOffstageError(error) || error.code !== "SECRET_TOO_SHORT") throw error;
    throw new OffstageError("SECRET_TOO_SHORT", error.message, { hint: `Use a longer one. A variable of a server that is no secret can be listed under \`plain:\` in offstage.yaml.`, cause: error });
  }
}
