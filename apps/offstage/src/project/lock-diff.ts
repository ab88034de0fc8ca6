import { canonicalJson, diffData, type Json } from "offstage/base";
import { compareTool, type Difference, type Lock, type LockedServer, type LockedTool, wordsChange } from "offstage/tools";
import { classText } from "./class-text.ts";
import { changeText } from "./change-text.ts";

/** What is different between two locks, for people and for `--json`. */
export interface LockChange {
  readonly kind: "added" | "removed" | "changed";
  readonly server: string;
  /** Null when it is about the server as a whole. */
  readonly tool: string | null;
  /** The gravest of its details: `breaking`, when calls or uses that were right may be wrong now. */
  readonly weight: Difference["weight"];
  /** Where it differs, one line each; `!` before what calls or uses that were right may trip over. */
  readonly details: readonly string[];
}

/** The differences that a person has to judge: servers, tools, definitions, classes, packages, what servers say of themselves. */
export function diffLocks(before: Lock, after: Lock): readonly LockChange[] {
  const names = [...new Set([...before.servers.keys(), ...after.servers.keys()])].toSorted();
  return names.flatMap((server) => diffServers(server, before.servers.get(server), after.servers.get(server)));
}

/** Servers of which the lock does not yet have what they say of themselves: it was made before that was pinned. */
export function notPinnedYet(before: Lock, after: Lock): readonly string[] {
  return [...after.servers].filter(([name, { introduction }]) => introduction !== undefined && before.servers.has(name) && before.servers.get(name)?.introduction === undefined).map(([name]) => name);
}

function diffServers(server: string, before: LockedServer | undefined, after: LockedServer | undefined): readonly LockChange[] {
  if (after === undefined) return [{ kind: "removed", server, tool: null, weight: "breaking", details: [] }];
  if (before === undefined) return [{ kind: "added", server, tool: null, weight: "compatible", details: [`${after.source}, ${after.tools.size} tools`] }];
  const about = [
    ...(before.source === after.source ? [] : [`~ source: ${before.source} → ${after.source}`]),
    ...diffData({ ...before.info }, { ...after.info }).map(changeText),
    ...diffData({ ...before.protocol }, { ...after.protocol }).map(changeText),
    ...introductionChanges(before, after),
  ];
  const tools = [...new Set([...before.tools.keys(), ...after.tools.keys()])].toSorted();
  return [...(about.length === 0 ? [] : [{ kind: "changed" as const, server, tool: null, weight: "compatible" as const, details: about }]), ...tools.flatMap((tool) => diffTools(server, tool, before.tools.get(tool), after.tools.get(tool)))];
}

function introductionChanges({ introduction: before }: LockedServer, { introduction: after }: LockedServer): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const capabilities = diffData({ capabilities: before.capabilities }, { capabilities: after.capabilities }).map(changeText);
  if (before.instructions === after.instructions) return capabilities;
  return [...capabilities, `~ server ${wordsChange("instructions", before.instructions ?? undefined, after.instructions ?? undefined)}`];
}

function diffTools(server: string, tool: string, before: LockedTool | undefined, after: LockedTool | undefined): readonly LockChange[] {
  if (after === undefined) return [{ kind: "removed", server, tool, weight: "breaking", details: [] }];
  if (before === undefined) return [{ kind: "added", server, tool, weight: "compatible", details: [classText(after)] }];
  const change = compareTool(tool, before, after.definition);
  const definition = change?.kind === "changed" ? change.differences : [];
  const classes = sameClasses(before, after) ? [] : [{ where: "class:", what: classChange(before, after), weight: writesMore(before, after) ? "breaking" as const : "compatible" as const }];
  const all = [...definition, ...classes];
  return all.length === 0 ? [] : [{ kind: "changed", server, tool, weight: gravest(all), details: all.map(({ where, what, weight }) => `${weight === "breaking" ? "!" : "~"} ${where} ${what}`) }];
}

function gravest(differences: readonly Difference[]): Difference["weight"] {
  return (["breaking", "compatible"] as const).find((weight) => differences.some((difference) => difference.weight === weight)) ?? "wording";
}

function sameClasses(before: LockedTool, after: LockedTool): boolean {
  // A condition that was never pinned is no change that anybody could judge.
  const known = after.classes.map(({ condition, ...entry }, index) => (condition === undefined || before.classes[index]?.condition === undefined ? entry : { ...entry, condition }));
  return canonicalJson(before.classes as unknown as Json) === canonicalJson(known as unknown as Json);
}

/** Both, and what it means where it means less care: that is how a write could slip into a plan. */
function classChange(before: LockedTool, after: LockedTool): string {
  const [was, is] = [classText(before), classText(after)];
  if (was === is && sourcesOf(before) === sourcesOf(after)) return `${is}, because of ${sourcesOf(after)} as before; its profile has other rules for it`;
  if (was === is) return `${is}, now because of ${sourcesOf(after)} rather than of ${sourcesOf(before)}`;
  const writes = ({ classes }: LockedTool): boolean => classes.some(({ effect }) => effect === "write");
  return `${was} → ${is}${writes(before) && !writes(after) ? ` (${sourcesOf(after)}): from now on it is called while planning, and nobody is asked` : ""}`;
}

const SAYS: Readonly<Record<LockedTool["classes"][number]["from"], string>> = { profile: "a profile", policy: "policy.classes", hint: "the server's hint", default: "nobody's word" };

function sourcesOf({ classes }: LockedTool): string {
  return [...new Set(classes.map(({ from }) => SAYS[from]))].join(" and ");
}

/** What was read without asking, and is planned and asked for now. */
function writesMore(before: LockedTool, after: LockedTool): boolean {
  return after.classes.some(({ effect }) => effect === "write") && before.classes.every(({ effect }) => effect !== "write");
}
