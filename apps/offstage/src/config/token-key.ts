import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { isOffstageError, OffstageError, type Redactor } from "offstage/base";
import type { Environment } from "./environment.ts";
import { resolveReferences, type Sources } from "./references.ts";
import { type Settings, SETTINGS_FILE } from "./settings.ts";

/** The variable that holds the key, where `tokens.key` names no other place. */
const KEY_VARIABLE = "OFFSTAGE_KEY";

/** What the key of a project's tokens depends on. */
export interface TokenKeyPlaces {
  readonly settings: Pick<Settings, "tokens">;
  readonly sources: Sources;
  readonly redactor: Redactor;
}

/**
 * The key of a project's tokens, registered, also for those who open no token: `tokens.key` in offstage.yaml, else OFFSTAGE_KEY, else a key file of this user, outside of
 * every project. Errors: `TOKENS_UNREADABLE` when that file is missing or open to others, `SECRET_MISSING`, `SECRET_TOO_SHORT`.
 */
export function tokenKey({ settings, sources, redactor }: TokenKeyPlaces): string {
  const text = settings.tokens.key === null ? (sources.env[KEY_VARIABLE] ?? "") : resolveReferences(settings.tokens.key, sources, `${SETTINGS_FILE}: tokens.key`).value;
  const key = text === "" ? readKeyFile(keyFile(sources.env)) : text;
  redactor.register(key, KEY_VARIABLE);
  return key;
}

/** Makes the key file when it is needed and not there. Not while tokens are kept that only a lost key could open. Errors: `TOKENS_UNREADABLE`, `STORE_UNAVAILABLE`. */
export function makeTokenKey({ settings, sources }: TokenKeyPlaces): void {
  if (settings.tokens.key !== null || (sources.env[KEY_VARIABLE] ?? "") !== "") return;
  const file = keyFile(sources.env);
  if (existsSync(file)) return;
  if (existsSync(settings.tokens.folder) && readdirSync(settings.tokens.folder).some((name) => name.endsWith(".sealed"))) throw keyMissing(file);
  const draft = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // A killed process that had the same number left it.
    rmSync(draft, { force: true });
    writeFileSync(draft, `${randomBytes(32).toString("base64")}\n`, { flag: "wx", mode: 0o600, flush: true });
    // Never over one that another process has made meanwhile.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw new OffstageError("STORE_UNAVAILABLE", `The key file ${file} cannot be made: ${(error as Error).message}`, { hint: `Give a key in ${KEY_VARIABLE} instead: openssl rand -base64 32`, cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Where this user's key is, when no other is named. */
function keyFile(env: Environment): string {
  const given = env["XDG_CONFIG_HOME"] ?? env["APPDATA"] ?? "";
  const home = env["HOME"] ?? "";
  if (isAbsolute(given)) return join(given, "offstage", "key");
  if (isAbsolute(home)) return join(home, ".config", "offstage", "key");
  throw new OffstageError("TOKENS_UNREADABLE", "There is no key for the kept tokens, and no home folder where one could be.", { hint: `Give a key in ${KEY_VARIABLE}: openssl rand -base64 32` });
}

function readKeyFile(file: string): string {
  try {
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) throw new OffstageError("TOKENS_UNREADABLE", `The key file ${file} can be read by others.`, { hint: `Take that from them: chmod 600 ${file}. Whoever has read it can open your tokens: log in again.` });
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isOffstageError(error)) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw keyMissing(file);
    throw new OffstageError("TOKENS_UNREADABLE", `The key file ${file} cannot be read: ${(error as Error).message}`, { hint: "Check its permissions.", cause: error });
  }
}

function keyMissing(file: string): OffstageError {
  return new OffstageError("TOKENS_UNREADABLE", `The key of the kept tokens is missing: there is no ${file}, and ${KEY_VARIABLE} is not set.`, { hint: "Put the key back that they were sealed with, or delete .offstage/tokens and log in again." });
}
