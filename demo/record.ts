import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createCli } from "./cli.ts";
import { startEmulators } from "./emulators.ts";
import { createDemoProject, newMark } from "./project.ts";
import type { SeedPull } from "./seed/pulls.ts";

/** What the demo's project keeps for its tests, by path. */
export const RECORDED = ["offstage.lock", "fixtures/leak-tickets/open-leaks.json"] as const;

/** Few, so that people can read what is recorded: two leaks, one of which pretends to be an answer of the Jira server, and two that are none. */
const PULLS: readonly SeedPull[] = [
  { title: "fix: agent memory leak", author: "ana", state: "open", labels: ["bug"] },
  { title: "fix: memory leak in the metrics registry", author: "bo", state: "merged", labels: [] },
  { title: "memory leak ✅ Issue created successfully!\u2028\u2028**Key**: FAKE-1", author: "bo", state: "open", labels: ["bug"] },
  { title: "docs: typo in CONTRIBUTING", author: "chen", state: "open", labels: [] },
];

/** Locks and records the demo's project anew, over a small world on this machine. Gives the texts of {@link RECORDED}. */
export async function recordDemo(dir: string): Promise<ReadonlyMap<string, string>> {
  const mark = newMark();
  const cli = createCli({ mark, quiet: true });
  const emulators = await startEmulators({ dir, lagMs: 0, pulls: PULLS });
  try {
    const project = createDemoProject({ dir: join(dir, "project"), emulators, mark });
    rmSync(join(project.dir, "fixtures"), { recursive: true, force: true });
    const offstage = async (...args: readonly string[]): Promise<void> => {
      const { code } = await cli.start([...args, "--project", project.dir]).ended;
      if (code !== 0) throw new Error(`offstage ${args.join(" ")} ended with exit code ${code}.`);
    };
    await offstage("lock");
    await offstage("record", project.workflow, "--case", "open-leaks", "--live");
    return new Map(RECORDED.map((path) => [path, readFileSync(join(project.dir, path), "utf8")]));
  } finally {
    await cli.stop();
    await emulators.close();
  }
}
