import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageOf } from "offstage/tools";
import type { Project } from "../project/load-project.ts";
import type { NightFinding } from "./night-finding.ts";

/** Servers whose program may be another one at each start: a package that is fetched without a version, or by a tag that moves. */
export function checkPins({ folder, servers, outline }: Pick<Project, "folder" | "servers" | "outline">): readonly NightFinding[] {
  return servers.flatMap(({ name }): readonly NightFinding[] => {
    const config = outline(name);
    const fetched = config?.kind === "stdio" ? packageOf(config) : null;
    if (config?.kind !== "stdio" || fetched === null || !fetched.fetched || /^[v=]?\d/.test(fetched.version ?? "") || config.args.some((arg) => arg.includes("@sha256:"))) return [];
    // What is installed is what npx takes.
    if (fetched.registry === "npm" && fetched.version === null && existsSync(join(config.cwd ?? folder, "node_modules", fetched.name, "package.json"))) return [];
    const joint = { npm: "@", pypi: "==", oci: ":" }[fetched.registry];
    return [{
      about: name, state: "warns", what: `it is made of ${fetched.name}${fetched.version === null ? "" : `${joint === "==" ? "@" : joint}${fetched.version}`} as that is at each start: a new version changes its tools in the night`,
      hint: `Write its version in mcp.json, ${fetched.name}${joint}1.2.3, and run: offstage lock`,
    }];
  });
}
