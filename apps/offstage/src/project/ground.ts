import { hashPolicy, type IsUnlike, type Rulebook } from "offstage/host";
import type { PlanBasis } from "offstage/model";
import { classesHash } from "offstage/tools";
import type { Settings } from "../config/settings.ts";
import { watchLearnt } from "./learnt-watch.ts";
import { createProjectRulebook } from "./project-rulebook.ts";
import type { ProjectTypes } from "./project-types.ts";

/** What calls and writes are judged by, as the project's files had it at one moment: lock, profiles, what was learnt, policy. */
export interface Ground {
  readonly settings: Pick<Settings, "classes" | "policy">;
  readonly types: ProjectTypes;
  readonly rulebook: Rulebook;
  readonly isUnlike: IsUnlike;
  readonly basis: Pick<PlanBasis, "classes" | "profiles" | "policy">;
  /** Former name → the one that it has now, of workflows that are there. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Makes a {@link Ground}. `warn` gets text that still has to be escaped. */
export function createGround({ classes, policy }: Ground["settings"], types: ProjectTypes, warn: (text: string) => void): Ground {
  const settings = { classes, policy };
  return {
    settings, types,
    rulebook: createProjectRulebook(settings, types),
    isUnlike: watchLearnt(types, warn),
    basis: { classes: classesHash(types.lock), profiles: types.profilesHash, policy: hashPolicy(policy) },
    renamed: new Map(),
  };
}

/** The rulebook of whatever ground there is at the moment of asking: also in the middle of a run, as if that had been interrupted there. */
export function rulebookOf(ground: () => Pick<Ground, "rulebook">): Rulebook {
  const now = (): Rulebook => ground().rulebook;
  return {
    mayWrite: (...call) => now().mayWrite(...call),
    rules: { rule: (...call) => now().rules.rule(...call) },
    tools: { classify: (...call) => now().tools.classify(...call), paging: (...call) => now().tools.paging(...call) },
  };
}
