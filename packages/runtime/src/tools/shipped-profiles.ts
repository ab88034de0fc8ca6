import type { ServerPackage } from "./package-of.ts";

/** A profile that ships with the product. */
export interface ShippedProfile {
  readonly package: string;
  /** The major version that it was written for, by reading and running that version. */
  readonly major: string;
  /** File name in `profiles/` of the package `offstage`. */
  readonly file: string;
}

/** All of them. A project's own `profiles/<server>.ts` comes before any of these. */
export const shippedProfiles: readonly ShippedProfile[] = [
  { package: "@modelcontextprotocol/server-github", major: "2025", file: "github.ts" },
  { package: "@nexus2520/jira-mcp-server", major: "1", file: "jira.ts" },
];

/**
 * The shipped profile for a server's package. The version must be of the profile's major one; where it is not known
 * (`npx -y pkg`), the profile applies, and the hashes in the lock notice when the package changes under it. Callers that
 * can read the installed package's version should give it.
 */
export function shippedProfileFor(server: ServerPackage): ShippedProfile | null {
  if (server.registry !== "npm") return null;
  const major = /^[v^~=]*(\d+)(?:\.|$)/.exec(server.version ?? "")?.[1];
  return shippedProfiles.find((profile) => profile.package === server.name && (major === undefined ? isOpen(server.version) : major === profile.major)) ?? null;
}

/** A version that says nothing: none, or a tag that moves. */
function isOpen(version: string | null): boolean {
  return version === null || version === "latest" || version === "*";
}
