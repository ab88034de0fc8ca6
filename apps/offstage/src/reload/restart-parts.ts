import { isDeepStrictEqual } from "node:util";
import { type Settings, SETTINGS_FILE } from "../config/settings.ts";
import { hostsOf } from "../project/profile-hosts.ts";
import type { ProjectTypes } from "../project/project-types.ts";
import { OWN_FOLDER } from "../project/read-module.ts";

/** What a process began with. */
export interface Beginning {
  readonly settings: Settings;
  readonly types: Pick<ProjectTypes, "lock" | "profiles">;
}

/** What an edit may change in a process that serves. */
const TAKEN: ReadonlySet<keyof Settings> = new Set(["policy", "classes"]);
/** Where a setting stands in the file, when it is called otherwise here. */
const KEYS: Partial<Readonly<Record<keyof Settings, string>>> = { timeoutsMs: "servers", rates: "servers", requests: "servers", sandboxes: "servers", auth: "servers", masks: "fixtures" };

/** What is not as it was when the process began, and stays so for it until it is started anew: `files`, of which that is known, and parts of others, for people. */
export function restartParts(began: Beginning, now: Beginning, files: readonly string[]): readonly string[] {
  const keys = (Object.keys(began.settings) as (keyof Settings)[]).filter((key) => !TAKEN.has(key) && !isDeepStrictEqual(leftOf(began.settings, key), leftOf(now.settings, key))).map((key) => KEYS[key] ?? key);
  return [
    ...files.map((file) => (file.startsWith(`${OWN_FOLDER}/`) ? `${file}, which Node loads once,` : file)),
    ...(keys.length === 0 ? [] : [`${[...new Set(keys)].map((key) => `\`${key}\``).join(", ")} of ${SETTINGS_FILE}`]),
    ...otherStarts(began, now).map((server) => `how ${server} is started (its profile's hosts, or the protocol it was locked with)`),
  ];
}

/** Who may permit what is a matter of the policy. */
function leftOf(settings: Settings, key: keyof Settings): unknown {
  return key === "approvals" ? { ...settings.approvals, approvers: null } : settings[key];
}

/** Servers that run on as they were started: what a sandbox lets through, and which protocol is spoken. */
function otherStarts(began: Beginning, { types }: Beginning): readonly string[] {
  const [hosts, hostsNow] = [hostsOf(began.types), hostsOf(types)];
  const hasOtherHosts = (server: string): boolean => began.settings.sandboxes.has(server) && !isDeepStrictEqual(hosts.get(server) ?? [], hostsNow.get(server) ?? []);
  return [...types.lock.servers].filter(([server, { protocol }]) => {
    const before = began.types.lock.servers.get(server);
    return before !== undefined && (before.protocol.era !== protocol.era || hasOtherHosts(server));
  }).map(([server]) => server);
}
