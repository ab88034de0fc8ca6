import { catalogueOf, hashTool, type Listing } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import type { Project } from "../project/load-project.ts";
import { loadLock } from "../project/lock-files.ts";

/** Names of a server's tools that were locked and are others now, or not there any more. A lock that cannot be read is told of by the check of workflows. */
export function changedTools(project: Pick<Project, "folder">, listing: Listing): readonly string[] {
  const { tools } = catalogueOf(listing).catalogue;
  return [...(lockOf(project)?.servers.get(listing.server)?.tools ?? [])].filter(([name, { hash }]) => {
    const now = tools.get(name);
    return now === undefined || hashTool(now) !== hash;
  }).map(([name]) => name);
}

function lockOf(project: Pick<Project, "folder">): ReturnType<typeof loadLock> | null {
  try {
    return loadLock(project);
  } catch (error) {
    if (error instanceof DiagnosticsError) return null;
    throw error;
  }
}
