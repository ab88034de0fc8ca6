import { compileProfile } from "offstage/engine";
import type { Settings } from "../config/settings.ts";
import type { WatchedCall } from "./learnt-watch.ts";
import { policyEffect } from "./pin-server.ts";
import type { ProjectTypes } from "./project-types.ts";

/** Why a call is taken for a write, for a person who meant to read: somebody says so, or nobody says anything. */
export function whoSaysWrite(settings: Pick<Settings, "classes">, types: Pick<ProjectTypes, "profiles">, { server, tool, args }: WatchedCall): string {
  if (policyEffect(settings, server, tool) !== null) return "policy.classes in offstage.yaml says that it writes";
  const profile = types.profiles.find((one) => one.server === server);
  if (profile === undefined) return `nobody says that it only reads, for ${server} has no profile`;
  const rule = compileProfile(profile.program).rule(tool, args);
  if (rule.effect === null) return `nobody says that it only reads, its profile ${profile.file} neither`;
  return rule.decided ? `its profile ${profile.file} says that it writes` : `its profile ${profile.file} cannot tell from these arguments whether it writes`;
}
