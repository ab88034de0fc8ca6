import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lock } from "offstage/tools";
import { isForPackage } from "./server-source.ts";

/** The text of the profile that a server has. */
export interface ProfileSource {
  readonly server: string;
  /** For diagnostics: relative to the project, or `offstage/profiles/…` for one that ships with Offstage. */
  readonly file: string;
  readonly source: string;
}

/** Each locked server's profile, if it has one: the project's `profiles/<server>.ts`, else the one that ships for its package. */
export function profileSources(folder: string, lock: Lock): readonly ProfileSource[] {
  const shipped = shippedProfiles();
  return [...lock.servers].flatMap(([server, { source: made }]) => {
    const own = readText(join(folder, "profiles", `${server}.ts`));
    if (own !== null) return [{ server, file: `profiles/${server}.ts`, source: own }];
    const fitting = shipped.find((profile) => isForPackage(profile.package, made));
    return fitting === undefined ? [] : [{ server, file: fitting.file, source: fitting.source }];
  });
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

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
