import type { Diagnostic } from "offstage/base";
import type { Compiler } from "offstage/language";
import { generateServerTypes, type Learnt, type Lock } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import type { CompileCache } from "./compile-cache.ts";
import { layerProfiles } from "./layer-profiles.ts";
import type { CheckableText } from "./mend-files.ts";
import type { ModuleTexts } from "./module-texts.ts";
import { type ProfileLayers, type ProfileSource, profileSources, profileSourcesOf } from "./profile-sources.ts";
import type { LoadedProfile } from "./project-types.ts";

/** Compiles the profiles of a project. */
export interface ProfileCompiler {
  /** Those of all locked servers, as they apply. Errors: their faults. */
  all(lock: Lock, learnt: Learnt): Promise<readonly LoadedProfile[]>;
  /** See `ProjectCompiler.profileHosts`. */
  hosts(server: string, made: string): Promise<readonly string[]>;
  /** Loads the compiler for checks of texts as `profiles/<server>.ts`. */
  checker(lock: Lock, learnt: Learnt): Promise<(profile: ProfileSource) => readonly Diagnostic[]>;
  /** The project's own as they stand, with their checks. */
  own(lock: Lock, learnt: Learnt): Promise<readonly CheckableText[]>;
}

type CompiledProfile = Awaited<ReturnType<Compiler["compileProfile"]>>;

/** What {@link createProfileCompiler} works with. */
export interface ProfileCompilerOptions {
  readonly texts: ModuleTexts;
  readonly cache: CompileCache;
  /** Loads TypeScript when something is not in the cache. */
  readonly compiler: () => Promise<Compiler>;
}

/** See {@link ProfileCompiler}. */
export function createProfileCompiler({ texts, cache, compiler }: ProfileCompilerOptions): ProfileCompiler {
  const compileProfile = (profile: ProfileSource, serverTypes: string | null): Promise<CompiledProfile> =>
    cache.get("profile", [profile.server, profile.file, profile.source, serverTypes ?? ""], async () => (await compiler()).compileProfile({ ...profile, ...(serverTypes === null ? {} : { serverTypes }) }), ({ profile: made }) => made !== null);

  const compileLayers = async (layers: readonly ProfileLayers[], serverTypes: string | null): Promise<readonly LoadedProfile[]> => {
    const compiled = await Promise.all(layers.flatMap(({ own, shipped }) => [own ?? [], shipped ?? []].flat()).map(async (source) => loaded(source, await compileProfile(source, serverTypes))));
    refuseFaults(compiled.flatMap((one) => one.diagnostics));
    return layerProfiles(compiled.flatMap(({ profile }) => profile ?? []));
  };

  const checker: ProfileCompiler["checker"] = async (lock, learnt) => {
    const serverTypes = typesWithout(lock, learnt);
    const { compileProfile: compileNow } = await compiler();
    return (profile) => compileNow({ ...profile, serverTypes }).diagnostics;
  };

  return {
    checker,
    all: (lock, learnt) => compileLayers(profileSources(texts, lock), typesWithout(lock, learnt)),
    async hosts(server, made) {
      const layers = profileSourcesOf(texts, server, made);
      const [profile] = layers === null ? [] : await compileLayers([layers], null);
      return profile?.program.hosts ?? [];
    },
    async own(lock, learnt) {
      const check = await checker(lock, learnt);
      return profileSources(texts, lock).flatMap(({ own }) => own ?? []).map((profile) => ({ ...profile, check: (source) => check({ ...profile, source }) }));
    },
  };
}

/** The types of the servers as a profile sees them: what profiles say is not in them. */
function typesWithout(lock: Lock, learnt: Learnt): string {
  return generateServerTypes({ lock, learnt, profiles: [] });
}

function loaded(source: ProfileSource, compiled: CompiledProfile): { readonly profile: LoadedProfile | null; readonly diagnostics: readonly Diagnostic[] } {
  const { profile: program, types, diagnostics } = compiled;
  return { profile: program === null || types === null ? null : { server: source.server, file: source.file, program, types }, diagnostics };
}

function refuseFaults(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) throw new DiagnosticsError("WORKFLOW_INVALID", diagnostics);
}
