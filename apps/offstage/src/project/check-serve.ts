import { isOffstageError } from "offstage/base";
import { resolveAll } from "../config/resolve-all.ts";
import type { Project } from "./load-project.ts";

/** What the 3 a.m. check says about the addresses that `serve` opens, or about the store. */
export interface SettingsFinding {
  readonly state: "fine" | "fails";
  readonly what: string;
  readonly hint: string | null;
}

/** Looks at the secrets of webhooks, metrics and the API, without which `serve` does not start; empty where none is described. */
export function checkServe(project: Project): readonly SettingsFinding[] {
  const parts: readonly (() => readonly unknown[])[] = [() => project.webhooks(), () => project.metricsTokens()(), () => project.apiTokens()(), () => project.links()()?.keys ?? []];
  return found(() => (resolveAll(parts, (secrets) => secrets()).flat().length === 0 ? null : "the secrets of its addresses are there"));
}

/** Looks at the URL of a store in PostgreSQL, without which no command works; empty where the store is a file. */
export function checkStore(project: Project, connects: boolean): readonly SettingsFinding[] {
  return found(() => (project.postgres() === null ? null : `the URL of its database is there${connects ? "" : "; it was not asked"}`));
}

/** null: there is nothing to look at. */
function found(look: () => string | null): readonly SettingsFinding[] {
  try {
    const what = look();
    return what === null ? [] : [{ state: "fine", what, hint: null }];
  } catch (error) {
    if (!isOffstageError(error) || error.code === "BUG") throw error;
    return [{ state: "fails", what: error.message, hint: error.hint ?? null }];
  }
}
