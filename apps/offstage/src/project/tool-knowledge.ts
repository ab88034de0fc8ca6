import type { Data, JsonObject } from "offstage/base";
import { ruleFacts, type WorkflowSource } from "offstage/language";
import type { Settings } from "../config/settings.ts";
import type { ProjectTypes } from "./project-types.ts";
import { createProjectRulebook } from "./project-rulebook.ts";

/** What the checker asks of tools, answered as a run would be: which calls may write, how they page and lag, what they take. */
export function toolKnowledge(settings: Pick<Settings, "classes" | "policy">, types: Pick<ProjectTypes, "lock" | "profiles">): Required<Pick<WorkflowSource, "mayWrite" | "pagesNeedMax" | "facts">> {
  const { tools, mayWrite } = createProjectRulebook(settings, types);
  return {
    mayWrite,
    pagesNeedMax: (server, tool) => tools.paging(server, tool, {}).max === null,
    facts: ruleFacts(types.profiles, (server, tool) => schemaOf(types.lock.servers.get(server)?.tools.get(tool)?.definition["inputSchema"])),
  };
}

/** A schema may have numbers that JavaScript cannot hold; such a bound bounds nothing that a workflow can write. */
function schemaOf(schema: Data | undefined): JsonObject | null {
  return schema !== undefined && schema !== null && typeof schema === "object" && !Array.isArray(schema) ? (schema as JsonObject) : null;
}
