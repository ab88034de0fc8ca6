import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { OffstageError } from "offstage/base";
import { type Environment, variableOf } from "./environment.ts";
import type { SecretFiles } from "./secret-files.ts";

const MAX_BYTES = 64 * 1024;

/** Where services find secrets of theirs on Docker, Podman and Compose. */
const RUN_SECRETS = "/run/secrets";

/** Where variables and files are looked up. */
export interface SecretPlaces {
  readonly env: Environment;
  /** The project's folder: relative files are looked for there. */
  readonly folder: string;
  /** What is remembered of files while the process runs; nothing where it is absent. */
  readonly files?: SecretFiles;
}

/** A variable that has a value. Errors: `SECRET_MISSING`. */
export function variableText(name: string, { env }: SecretPlaces, place: string): string {
  const value = variableOf(env, name);
  if (value !== undefined && value !== "") return value;
  throw new OffstageError("SECRET_MISSING", `${place}: the environment variable ${name} is ${value === undefined ? "not set" : "empty"}.`, { hint: `Set it before you start Offstage: export ${name}=…` });
}

/** A file's text without its last line break; what it was before while it cannot be used. Errors: `SECRET_MISSING`, also when it is empty, larger than 64 KiB or not in UTF-8. */
export function fileText(path: string, { folder, files }: SecretPlaces, place: string): string {
  const full = isAbsolute(path) ? path : join(folder, path);
  const read = (): string => readText(full, path, place);
  return files === undefined ? read() : files.text(full, read);
}

function readText(full: string, path: string, place: string): string {
  try {
    const found = statSync(full);
    if (!found.isFile()) throw new Error("it is no file");
    if (found.size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    const bytes = readFileSync(full);
    // A mark at its beginning is no part of what somebody wrote after it.
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
    if (!isUtf8(bytes) || text.includes("\0")) throw new Error("it is no text in UTF-8; save it as UTF-8 (`>` of Windows PowerShell writes UTF-16)");
    if (text.trim() === "") throw new Error("it is empty");
    return text;
  } catch (error) {
    throw new OffstageError("SECRET_MISSING", `${place}: the file ${path} cannot be used: ${(error as Error).message}`, { hint: "Write the secret into that file, or name another one.", cause: error });
  }
}

/**
 * `${secret:NAME}`, wherever the machine keeps it: a variable, else a file of that name where systemd (`CREDENTIALS_DIRECTORY`)
 * or Docker (`/run/secrets`) puts it. Errors: `SECRET_MISSING`.
 */
export function secretText(name: string, places: SecretPlaces, place: string): string {
  const value = variableOf(places.env, name);
  if (value !== undefined && value !== "") return value;
  const folders = [places.env["CREDENTIALS_DIRECTORY"], RUN_SECRETS].filter((folder): folder is string => folder !== undefined && isAbsolute(folder));
  // One that was there before may be away for a moment, in the middle of a swap.
  const file = folders.map((folder) => join(folder, name)).find((path) => isFile(path) || places.files?.has(path) === true);
  if (file !== undefined) return fileText(file, places, place);
  throw new OffstageError("SECRET_MISSING", `${place}: there is no secret ${name}: no environment variable, and no file in ${folders.join(" or ")}.`, { hint: `Set it before you start Offstage: export ${name}=…` });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
