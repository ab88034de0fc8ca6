import { layerProfile } from "offstage/program";
import type { LoadedProfile } from "./project-types.ts";

/** One profile a server: of two, the first is the project's, and the second, which ships, has what it leaves out. */
export function layerProfiles(profiles: readonly LoadedProfile[]): readonly LoadedProfile[] {
  const layered = new Map<string, LoadedProfile>();
  for (const profile of profiles) {
    const own = layered.get(profile.server);
    layered.set(profile.server, own === undefined ? profile : over(own, profile));
  }
  return [...layered.values()];
}

function over(own: LoadedProfile, shipped: LoadedProfile): LoadedProfile {
  return {
    ...own,
    program: layerProfile(own.program, shipped.program),
    types: { ...own.types, names: { ...shipped.types.names, ...own.types.names }, tools: { ...shipped.types.tools, ...own.types.tools } },
  };
}
