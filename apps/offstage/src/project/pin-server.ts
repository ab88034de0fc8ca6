import { OffstageError } from "offstage/base";
import { hashConditions } from "offstage/program";
import { type Catalogue, caseKey, classesOf, type LockedClass, type LockedServer, lockServer } from "offstage/tools";
import type { Settings, ToolClass } from "../config/settings.ts";
import type { LoadedProfile, ProjectTypes } from "./project-types.ts";
import { LOCK_FILE } from "./lock-files.ts";

/** Pins what a server offers now, each call's class as the settings, its profile, and (where they are trusted) its hints say. */
export function pinServer(catalogue: Catalogue, source: string, profile: LoadedProfile | null, settings: Pick<Settings, "classes" | "policy">): LockedServer {
  return lockServer(catalogue, source, (tool, definition) => {
    const said = policyEffect(settings, catalogue.server, tool);
    return classesOf(definition, {
      rules: rulesOf(profile, tool),
      labels: labelsOf(profile, tool),
      conditions: conditionsOf(profile, tool),
      fallbacks: rulesOf(profile, FALLBACK),
      trustHints: settings.policy.trustHints,
      ...(said === null ? {} : { policy: said }),
    });
  });
}

/** What `policy.classes` says of a tool's calls; null when nothing matches. The first entry that matches counts. */
export function policyEffect(settings: Pick<Settings, "classes">, server: string, tool: string): ToolClass["effect"] | null {
  return settings.classes.find((entry) => entry.server === server && matches(entry.tool, tool))?.effect ?? null;
}

/** Its rules fill what those of every tool leave out. */
const FALLBACK = "*";

function rulesOf(profile: LoadedProfile | null, tool: string): LoadedProfile["program"]["rules"][string] {
  const rules = profile?.program.rules;
  return rules !== undefined && Object.hasOwn(rules, tool) ? (rules[tool] ?? []) : [];
}

function labelsOf(profile: LoadedProfile | null, tool: string): readonly string[] {
  const tools = profile?.types.tools;
  return tools !== undefined && Object.hasOwn(tools, tool) ? (tools[tool] ?? []).map(caseKey) : [];
}

/** Of each rule, and of calls for which none holds. A label is for people: two conditions may have the same. */
function conditionsOf(profile: LoadedProfile | null, tool: string): readonly string[] {
  if (profile === null) return [];
  const fallbacks = rulesOf(profile, FALLBACK).some(({ when }) => when !== undefined) ? rulesOf(profile, FALLBACK) : [];
  return [...rulesOf(profile, tool), {}].map((rule) => hashConditions(profile.program, [rule, ...(rule.effect === undefined ? fallbacks : [])]));
}

/** `*` matches any run of characters; everything else is meant as it stands. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
}

const SHOWN = 5;

/**
 * Classes are pinned: a profile or a policy that now says something else of a call has to be locked, and reviewed, first. Only `servers` are looked at: what is
 * said of others is no run's concern. Throws `LOCK_INVALID` naming the first tools that differ.
 */
export function refuseStaleClasses({ lock, profiles }: Pick<ProjectTypes, "lock" | "profiles">, settings: Pick<Settings, "classes" | "policy">, servers: readonly string[]): void {
  const stale = [...lock.servers].filter(([server]) => servers.includes(server)).flatMap(([server, pinned]) => reclassed(pinned, pinnedAgain(server, pinned, profiles, settings)).map((tool) => `${server}.${tool}`));
  if (stale.length === 0) return;
  const accepts = stale.length > SHOWN ? "." : `: offstage lock ${stale.map((tool) => `--accept ${tool}`).join(" ")}`;
  const more = stale.length > SHOWN ? ` and ${stale.length - SHOWN} more` : "";
  throw new OffstageError("LOCK_INVALID", `A profile or the policy says something else than ${LOCK_FILE} of what these tools do: ${stale.slice(0, SHOWN).join(", ")}${more}.`, {
    hint: `Run \`offstage lock\` and review what changes. What it does not take over by itself is accepted by name${accepts}`,
  });
}

/** A pinned server as it would be pinned now: the same tools, with the classes that its profile and the settings say. */
export function pinnedAgain(server: string, pinned: LockedServer, profiles: readonly LoadedProfile[], settings: Pick<Settings, "classes" | "policy">): LockedServer {
  const { source, tools, ...known } = pinned;
  return pinServer({ server, ...known, tools: new Map([...tools].map(([tool, { definition }]) => [tool, definition])) }, source, profiles.find((profile) => profile.server === server) ?? null, settings);
}

/** The tools whose calls are something else than they are pinned as. */
export function reclassed(pinned: LockedServer, other: LockedServer): readonly string[] {
  return [...pinned.tools].filter(([tool, { classes }]) => !sameClasses(classes, other.tools.get(tool)?.classes ?? [])).map(([tool]) => tool);
}

/** A lock of an earlier version has no conditions: those are not known, and pinned by the next `offstage lock`. */
function sameClasses(pinned: readonly LockedClass[], other: readonly LockedClass[]): boolean {
  return pinned.length === other.length && pinned.every(({ rule, effect, when, condition }, index) => rule === other[index]?.rule && effect === other[index]?.effect && when === other[index]?.when && (condition === undefined || condition === other[index]?.condition));
}
