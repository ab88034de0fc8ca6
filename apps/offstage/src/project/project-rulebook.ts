import { compileProfile } from "offstage/engine";
import { createRulebook, type Rulebook } from "offstage/host";
import { hintsReadOnly } from "offstage/tools";
import type { Settings } from "../config/settings.ts";
import type { ProjectTypes } from "./project-types.ts";
import { policyEffect } from "./pin-server.ts";

/** What every call of the project is: by the policy's `classes`, then its profile, then the server's own hints where they are trusted. */
export function createProjectRulebook(settings: Pick<Settings, "classes" | "policy">, types: Pick<ProjectTypes, "lock" | "profiles">): Rulebook {
  return createRulebook({
    profiles: new Map(types.profiles.map(({ server, program }) => [server, compileProfile(program)])),
    policyEffect: (server, tool) => policyEffect(settings, server, tool),
    trustedRead: (server, tool) => {
      const pinned = types.lock.servers.get(server)?.tools.get(tool);
      return settings.policy.trustHints && pinned !== undefined && hintsReadOnly(pinned.definition);
    },
  });
}
