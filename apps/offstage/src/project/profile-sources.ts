import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lock } from "offstage/tools";
import type { ModuleTexts } from "./module-texts.ts";
import { isForPackage } from "./server-source.ts";

/** The text of a profile that a server has. */
export interface ProfileSource {
  readonly server: string;
  /** For diagnostics: relative to the project, or `offstage/profiles/…` for one that ships with Offstage. */
  readonly file: string;
  readonly source: string;
}

/** What a locked server's profile is made of: the project's `profiles/<server>.ts`, the one that ships for its package, or both; one of them is there. */
export interface ProfileLayers {
  readonly own: ProfileSource | null;
  readonly shipped: ProfileSource | null;
}

/** Each locked server that has a profile. */
export function profileSources(texts: Pick<ModuleTexts, "read">, lock: Lock): readonly ProfileLayers[] {
  const shipped = shippedProfiles();
  return [...lock.servers].flatMap(([server, { source: made }]) => layersOf(texts, { server, made }, shipped) ?? []);
}

/** The same of a server that need not be locked: `made` is what its entry tells that it is made of. Null when it has no profile. */
export function profileSourcesOf(texts: Pick<ModuleTexts, "read">, server: string, made: string): ProfileLayers | null {
  return layersOf(texts, { server, made }, shippedProfiles());
}

function layersOf(texts: Pick<ModuleTexts, "read">, { server, made }: { readonly server: string; readonly made: string }, shipped: readonly ShippedProfile[]): ProfileLayers | null {
  const text = texts.read(`profiles/${server}.ts`);
  const fitting = shipped.find((profile) => isForPackage(profile.package, made));
  if (text === null && fitting === undefined) return null;
  return {
    own: text === null ? null : { server, file: `profiles/${server}.ts`, source: text },
    shipped: fitting === undefined ? null : { server, file: fitting.file, source: fitting.source },
  };
}

interface ShippedProfile {
  readonly package: string;
  readonly file: string;
  readonly source: string;
}

function shippedProfiles(): readonly ShippedProfile[] {
  const folder = fileURLToPath(new URL("profiles/", import.meta.resolve("offstage/package.json")));
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".ts")).toSorted().flatMap((name) => {
    const source = readFileSync(join(folder, name), "utf8");
    const named = /\bprofile(?:<[^>]*>)?\(\s*"([^"]+)"/.exec(source)?.[1];
    return named === undefined ? [] : [{ package: named, file: `offstage/profiles/${name}`, source }];
  });
}
