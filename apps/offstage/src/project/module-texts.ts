import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readModule, unreadable } from "./read-module.ts";

/** Where the modules of a project are read from: its files, or what somebody drafts over them. */
export interface ModuleTexts {
  /** The names of the workflows, sorted. */
  workflows(): readonly string[];
  /** The text of a module by its name below the project's folder, `workflows/reports.ts`; null when there is none. Errors: `WORKFLOW_INVALID` for one that cannot be read. */
  read(file: string): string | null;
  /** Whether a workflow that is not among them is drafted, for whoever looks for it here; false where that is not known. */
  isDrafted?(workflow: string): boolean;
}

/** What the project's files hold at the moment of asking. */
export function moduleFiles(folder: string): ModuleTexts {
  return { workflows: () => workflowNames(folder), read: (file) => readModule(folder, file) };
}

/** The names of the project's workflows, sorted. */
export function workflowNames(folder: string): readonly string[] {
  return filesIn(folder).filter((file) => /^[a-z0-9-]+\.ts$/.test(file)).map((file) => file.slice(0, -".ts".length)).toSorted();
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(join(folder, "workflows"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    throw unreadable("workflows", message);
  }
}
