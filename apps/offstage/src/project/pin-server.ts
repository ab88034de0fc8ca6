import { type Catalogue, caseKey, classesOf, type LockedClass, type LockedServer, lockServer } from "offstage/tools";
import type { Settings, ToolClass } from "../config/settings.ts";
import type { LoadedProfile } from "./compile.ts";

/** Pins what a server offers now, each call's class as the settings, its profile, and (where they are trusted) its hints say. */
export function pinServer(catalogue: Catalogue, source: string, profile: LoadedProfile | null, settings: Pick<Settings, "classes" | "policy">): LockedServer {
  return lockServer(catalogue, source, (tool, definition) => {
    const said = policyEffect(settings, catalogue.server, tool);
    const fallback = profile?.program.rules["*"]?.[0];
    return classesOf(definition, {
      rules: rulesOf(profile, tool),
      labels: (profile?.types.tools[tool] ?? []).map(caseKey),
      trustHints: settings.policy.trustHints,
      ...(fallback === undefined ? {} : { fallback }),
      ...(said === null ? {} : { policy: said }),
    });
  });
}

/** What the project's settings say of a tool's calls; null when they say nothing. */
export function policyEffect(settings: Pick<Settings, "classes">, server: string, tool: string): LockedClass["effect"] | null {
  return settings.classes.find((entry) => entry.server === server && matches(entry.tool, tool))?.effect ?? null;
}

/** What `policy.classes` says of a tool's calls; null when nothing matches. The first entry that matches counts. */
export function policyEffect(settings: Pick<Settings, "classes">, server: string, tool: string): ToolClass["effect"] | null {
  return settings.classes.find((entry) => entry.server === server && matches(entry.tool, tool))?.effect ?? null;
}

function rulesOf(profile: LoadedProfile | null, tool: string): Parameters<typeof classesOf>[1]["rules"] {
  const rules = profile?.program.rules;
  return rules !== undefined && Object.hasOwn(rules, tool) ? (rules[tool] ?? []) : [];
}

/** `*` matches any run of characters; everything else is meant as it stands. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
}
