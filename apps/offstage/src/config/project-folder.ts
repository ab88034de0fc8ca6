import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OffstageError } from "offstage/base";
import { SERVERS_FILE } from "./server-entry.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** What other clients keep in a project. They are imported, not read: they may hold secrets, and change when their client likes. */
const OF_OTHERS = [".mcp.json", ".vscode/mcp.json", ".cursor/mcp.json"];

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
  throw new OffstageError("PROJECT_NOT_FOUND", `There is no ${SERVERS_FILE} or ${SETTINGS_FILE} in ${cwd}, nor in a folder above it.`, { hint: ofOthers(cwd) ?? "Go to your project, name it with --project DIR, or make one here: offstage init" });
}

function namedFolder(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new OffstageError("PROJECT_NOT_FOUND", `There is no folder ${folder}.`, { hint: "Check what you gave to --project." });
  if (isProject(folder)) return folder;
  throw new OffstageError("PROJECT_NOT_FOUND", `${folder} has no ${SERVERS_FILE} and no ${SETTINGS_FILE}.`, { hint: `${ofOthers(folder) ?? "Make a project there: offstage init"} --project ${folder}` });
}

function isProject(folder: string): boolean {
  return existsSync(join(folder, SERVERS_FILE)) || existsSync(join(folder, SETTINGS_FILE));
}

/** What to do where another client's servers are and ours are not; null where there are none of another client. */
export function ofOthers(folder: string): string | null {
  const file = OF_OTHERS.find((each) => existsSync(join(folder, each)));
  return file === undefined ? null : `${file} is of another MCP client; its servers can be imported, without their secrets: offstage init --import all`;
}
