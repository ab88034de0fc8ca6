import { OffstageError } from "offstage/base";
import type { Environment } from "offstage/host";
import type { Policy } from "offstage/model";
import { createNoticeMaker } from "./approvals/notice-maker.ts";
import type { CommandIo } from "./command-io.ts";
import type { Project } from "./project/load-project.ts";

/** Who is told of what waits for a person, as `offstage.yaml` has it. Errors: `CONFIG_INVALID`. */
export function noticesOf(io: Pick<CommandIo, "clock">, project: Project, policy: () => Policy): Pick<Environment, "notices"> {
  const { notify: settings } = project.settings.approvals;
  if (settings === null) return {};
  if (!project.servers.some(({ name }) => name === settings.server)) throw new OffstageError("CONFIG_INVALID", `approvals.notify names the server ${settings.server}, which mcp.json does not have.`, { hint: "Add it to mcp.json, and lock it: offstage lock" });
  // Commands that tell nobody need no key.
  let links: ReturnType<Project["links"]> | null = null;
  return { notices: createNoticeMaker({ settings, links: () => (links ??= project.links())(), approvers: () => policy().approvers, redactor: project.redactor, clock: io.clock }) };
}
