import { parseEnv } from "node:util";
import { fileText, type SecretPlaces } from "./secret-sources.ts";

/**
 * The variables of a server's `envFile` (VS Code): `NAME=value`, as `.env` files have them. Their values stand for themselves:
 * nothing in them is a reference. Errors: `SECRET_MISSING` when there is no such file.
 */
export function readEnvFile(path: string, places: SecretPlaces, place: string): Readonly<Record<string, string>> {
  const text = fileText(path, places, `${place}, envFile`);
  return Object.fromEntries(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
