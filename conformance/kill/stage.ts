import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { startEmulators } from "../../demo/emulators.ts";
import type { Emulators } from "../../demo/emulators.ts";
import { createDemoProject } from "../../demo/project.ts";
import { SEED_PULLS } from "../../demo/seed/pulls.ts";
import { createCommands } from "./command.ts";
import type { Commands } from "./command.ts";
import type { CountedPull, Holdings } from "./count.ts";
import { startTap } from "./tap.ts";
import type { Tap } from "./tap.ts";

/** The demo's project and services, with a tap between its MCP servers and the services. */
export interface Stage {
  readonly emulators: Emulators;
  readonly tap: Tap;
  readonly commands: Commands;
  /** In the environment of every process of the project, servers included. */
  readonly mark: string;
  readonly workflow: string;
  readonly storeFile: string;
  readonly planFile: string;
  /** Ends everything. */
  readonly close: () => Promise<void>;
}

/** The demo's: its profile promises that Jira's search has seen after 2 s what it has in fact after 1.5 s. */
const LAG_MS = 1500;
/** So many of the demo's pull requests are there at first; with fewer, each run is shorter. */
const SEEDED = 16;

/** Starts services and tap, and makes the project in `dir`, which is empty. */
export async function openStage(dir: string): Promise<Stage> {
  const mark = randomUUID();
  const emulators = await startEmulators({ dir: join(dir, "services"), lagMs: LAG_MS, pulls: SEED_PULLS.slice(0, SEEDED) });
  const tap = await startTap({ github: emulators.github.url, jira: emulators.jira.url });
  const { github, jira } = emulators;
  const tapped = { github: { ...github, url: tap.urls["github"] ?? "" }, jira: { ...jira, url: tap.urls["jira"] ?? "" } };
  const project = createDemoProject({ dir: join(dir, "project"), emulators: tapped, mark });
  const commands = createCommands({ projectDir: project.dir, mark, logFile: join(dir, "commands.log") });
  return {
    emulators, tap, commands, mark,
    workflow: project.workflow,
    storeFile: join(project.dir, ".offstage", "store.db"),
    planFile: join(project.dir, ".offstage", "kill.plan.json"),
    close: async () => {
      await commands.stop();
      await tap.close();
      await emulators.close();
    },
  };
}

/** Both services' own data: Jira's from its database, GitHub's over REST; neither through Offstage nor the tap. */
export async function readHoldings({ github, jira }: Emulators): Promise<Holdings> {
  const pulls = await github.pulls("all");
  const counted = pulls.map(async ({ id, number, title, state }): Promise<CountedPull> => {
    const comments = await github.comments(number);
    return { id, number, title, state, comments: comments.map(({ body }) => body).filter((body) => body.startsWith("Tracked as")) };
  });
  return { pulls: await Promise.all(counted), tickets: jira.issues() };
}
