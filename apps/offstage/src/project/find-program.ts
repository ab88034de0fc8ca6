import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** The program that a command names, as a start would find it: a path from the folder that it runs in, or a name on PATH. Null when there is none that may be executed. */
export function findProgram(command: string, path: string, cwd: string): string | null {
  const hasFolder = command.includes("/") || (process.platform === "win32" && command.includes("\\"));
  const folders = hasFolder ? [isAbsolute(command) ? "" : cwd] : path.split(delimiter).filter((folder) => folder !== "");
  const endings = process.platform === "win32" ? ["", ".exe", ".cmd", ".bat"] : [""];
  for (const folder of folders) for (const ending of endings) {
    const file = `${folder === "" ? command : join(folder, command)}${ending}`;
    if (isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
