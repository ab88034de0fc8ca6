import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OffstageError } from "offstage/base";
import { SERVERS_FILE } from "./server-entry.ts";
import { SETTINGS_FILE } from "./settings.ts";

/**
 * The project's folder, absolute: the one that was named, else the nearest one from `cwd` upwards that has `mcp.json` or
 * `offstage.yaml`. Errors: `PROJECT_NOT_FOUND`.
 */
export function findProjectFolder(cwd: string, named: string | null): string {
  if (named !== null) return namedFolder(resolve(cwd, named));
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (isProject(folder)) return folder;
    if (dirname(folder) === folder) break;
  }
  throw new OffstageError("PROJECT_NOT_FOUND", `There is no ${SERVERS_FILE} or ${SETTINGS_FILE} in ${cwd}, nor in a folder above it.`, { hint: "Go to your project, name it with --project DIR, or make one here: offstage init" });
}

function namedFolder(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new OffstageError("PROJECT_NOT_FOUND", `There is no folder ${folder}.`, { hint: "Check what you gave to --project." });
  if (isProject(folder)) return folder;
  throw new OffstageError("PROJECT_NOT_FOUND", `${folder} has no ${SERVERS_FILE} and no ${SETTINGS_FILE}.`, { hint: `Make a project there: offstage init --project ${folder}` });
}

function isProject(folder: string): boolean {
  return existsSync(join(folder, SERVERS_FILE)) || existsSync(join(folder, SETTINGS_FILE));
}
