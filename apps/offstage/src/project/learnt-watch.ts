import type { Data } from "offstage/base";
import type { IsUnlike } from "offstage/host";
import { caseOf, conforms, type LearntKey, learntSchema } from "offstage/tools";
import type { ProjectTypes } from "./project-types.ts";

/** A call, with what it asked. */
export interface WatchedCall {
  readonly server: string;
  readonly tool: string;
  readonly args: Data;
}

/** Which learnt schema a call's result belongs to. */
export function learntKeyOf(types: Pick<ProjectTypes, "profiles">, { server, tool, args }: WatchedCall): LearntKey {
  const rules = types.profiles.find((profile) => profile.server === server)?.types.tools ?? {};
  return { server, tool, case: caseOf(Object.hasOwn(rules, tool) ? (rules[tool] ?? []) : [], args) };
}

/**
 * Tells whether a result is no longer what was learnt, and warns of it, once for each kind of call: the workflow was checked
 * against that shape, and what runs does not depend on it. `warn` gets text that still has to be escaped.
 */
export function watchLearnt(types: Pick<ProjectTypes, "learnt" | "profiles">, warn: (text: string) => void): IsUnlike {
  const told = new Set<string>();
  return (call, value) => {
    const key = learntKeyOf(types, call);
    const schema = learntSchema(types.learnt, key);
    const name = JSON.stringify([key.server, key.tool, key.case]);
    const paths = schema === undefined ? [] : conforms(schema, value);
    if (paths.length === 0 || told.has(name)) return paths.length > 0;
    told.add(name);
    const where = paths.map((path) => (path === "" ? "the whole result" : path)).join(", ");
    warn(`${call.server}.${call.tool} answered in another shape than was learnt: ${where}. If it stays so: offstage call ${call.server}.${call.tool}, review offstage.learnt.json, then \`offstage check\`.`);
    return true;
  };
}
