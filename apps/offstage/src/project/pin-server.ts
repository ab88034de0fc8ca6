import { type Catalogue, caseKey, classesOf, type LockedServer, lockServer } from "offstage/tools";
import type { Settings } from "../config/settings.ts";
import type { LoadedProfile } from "./compile.ts";

/** Pins what a server offers now, each call's class as the settings, its profile, and (where they are trusted) its hints say. */
export function pinServer(catalogue: Catalogue, source: string, profile: LoadedProfile | null, settings: Pick<Settings, "classes" | "policy">): LockedServer {
  return lockServer(catalogue, source, (tool, definition) => {
    const said = settings.classes.find((entry) => entry.server === catalogue.server && matches(entry.tool, tool));
    const fallback = profile?.program.rules["*"]?.[0];
    return classesOf(definition, {
      rules: rulesOf(profile, tool),
      labels: (profile?.types.tools[tool] ?? []).map(caseKey),
      trustHints: settings.policy.trustHints,
      ...(fallback === undefined ? {} : { fallback }),
      ...(said === undefined ? {} : { policy: said.effect }),
    });
  });
}

function rulesOf(profile: LoadedProfile | null, tool: string): Parameters<typeof classesOf>[1]["rules"] {
  const rules = profile?.program.rules;
  return rules !== undefined && Object.hasOwn(rules, tool) ? (rules[tool] ?? []) : [];
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
