import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startGithub } from "./servers/github.ts";
import type { GithubEmulator, GithubOptions } from "./servers/github.ts";
import { startJira } from "./servers/jira.ts";
import type { JiraEmulator } from "./servers/jira.ts";

/** Where the emulators keep their files and listen; only the directory has no default. */
export interface EmulatorsOptions {
  /** Holds Jira's database; made when missing. */
  readonly dir: string;
  readonly githubPort?: number;
  readonly jiraPort?: number;
  /** How long Jira's search lags behind its writes, in milliseconds; 1500 when not given. */
  readonly lagMs?: number;
  /** What GitHub holds at first; the demo's seed when not given. */
  readonly pulls?: GithubOptions["pulls"];
}

/** Both services, on 127.0.0.1. */
export interface Emulators {
  readonly github: GithubEmulator;
  readonly jira: JiraEmulator;
  /** Stops both; nothing but Jira's database file stays. */
  readonly close: () => Promise<void>;
}

/** Starts a seeded GitHub and an empty Jira. Rejects, with nothing left running, when one of them cannot start. */
export async function startEmulators(options: EmulatorsOptions): Promise<Emulators> {
  mkdirSync(options.dir, { recursive: true });
  const jira = await startJira({
    file: join(options.dir, "jira.sqlite"),
    ...(options.jiraPort === undefined ? {} : { port: options.jiraPort }),
    ...(options.lagMs === undefined ? {} : { lagMs: options.lagMs }),
  });
  try {
    const github = await startGithub({
      ...(options.githubPort === undefined ? {} : { port: options.githubPort }),
      ...(options.pulls === undefined ? {} : { pulls: options.pulls }),
    });
    return { github, jira, close: async () => void (await Promise.all([github.close(), jira.close()])) };
  } catch (error) {
    await jira.close();
    throw error;
  }
}
