import type { Clock } from "offstage/base";
import type { TokenStore } from "offstage/mcp";
import { createSealedFiles } from "offstage/stores/sealed";
import { tokenSeal } from "../config/token-seal.ts";
import type { Project } from "./load-project.ts";

/** The kept logins of a project. Its key is asked for when there is something to open. */
export function tokenFiles(project: Project, clock: Clock): TokenStore {
  return createSealedFiles({ folder: project.settings.tokens.folder, seal: () => tokenSeal(project.tokenKey), clock });
}
