import { isOffstageError } from "offstage/base";
import type { Project } from "./load-project.ts";

/** What the 3 a.m. check says about the addresses that `serve` opens. */
export interface ServeFinding {
  readonly state: "fine" | "fails";
  readonly what: string;
  readonly hint: string | null;
}

/** Looks at the secrets of webhooks and metrics, without which `serve` does not start; empty where none is described. */
export function checkServe(project: Project): readonly ServeFinding[] {
  try {
    const secrets = [...project.webhooks(), ...project.metricsTokens()];
    return secrets.length === 0 ? [] : [{ state: "fine", what: "the secrets of its addresses are there", hint: null }];
  } catch (error) {
    if (!isOffstageError(error) || error.code === "BUG") throw error;
    return [{ state: "fails", what: error.message, hint: error.hint ?? null }];
  }
}
