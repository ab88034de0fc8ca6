import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Emulators } from "./emulators.ts";

/** Where the copy goes and what it is to talk to. */
export interface DemoProjectOptions {
  /** Replaced when it is an earlier demo project; refused when it holds anything else. */
  readonly dir: string;
  readonly emulators: Pick<Emulators, "github" | "jira">;
  /** Put into the environment of each server that the project starts, to find what is left of them. */
  readonly mark?: string;
}

/** A copy of the demo's project, ready for the command line. */
export interface DemoProject {
  readonly dir: string;
  /** The name that the command line knows the workflow by. */
  readonly workflow: string;
}

/** Told apart from other demos on this machine, and from a secret: what looks like one keeps a project from being exported. */
export function newMark(): string {
  return `demo-${process.pid}-${Date.now()}`;
}

/** The environment variable that carries `mark`. Its name begins like Node's own, which say nothing of whom a server speaks to. */
export const MARK_VARIABLE = "NODE_OFFSTAGE_DEMO";

const TEMPLATE = fileURLToPath(new URL("project/", import.meta.url));
/** In every copy and only there: says that the folder may be replaced. */
const COPY_MARKER = ".made-by-the-demo";

interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface McpJson {
  readonly mcpServers: Readonly<Record<string, ServerEntry>>;
}

/**
 * Copies the template and points its `mcp.json` at the emulators: absolute paths, since the copy may lie anywhere; addresses as
 * they are; tokens as `${file:…}`, so that commands work in any terminal without a prepared environment.
 */
export function createDemoProject({ dir, emulators, mark }: DemoProjectOptions): DemoProject {
  const target = resolve(dir);
  if (existsSync(target) && !existsSync(join(target, COPY_MARKER))) {
    throw new Error(`${target} exists and is not an earlier demo project. Name a folder that does not exist yet with --dir.`);
  }
  rmSync(target, { recursive: true, force: true });
  cpSync(TEMPLATE, target, { recursive: true, filter: (path) => !path.startsWith(join(TEMPLATE, ".offstage")) && path !== join(TEMPLATE, "offstage.lock") });
  writeFileSync(join(target, COPY_MARKER), "npm run demo replaces this folder.\n");
  mkdirSync(join(target, ".tokens"), { mode: 0o700 });
  const { github, jira } = emulators;
  const values = {
    GITHUB_API_URL: github.url,
    JIRA_BASE_URL: jira.url,
    JIRA_EMAIL: jira.email,
    GITHUB_PERSONAL_ACCESS_TOKEN: fileReference(join(target, ".tokens", "github"), github.token),
    JIRA_API_TOKEN: fileReference(join(target, ".tokens", "jira"), jira.token),
  };
  const template = JSON.parse(readFileSync(join(TEMPLATE, "mcp.json"), "utf8")) as McpJson;
  const mcpServers = Object.fromEntries(Object.entries(template.mcpServers).map(([name, entry]) => [name, settle(entry, values, mark)]));
  writeFileSync(join(target, "mcp.json"), `${JSON.stringify({ mcpServers }, null, 2)}\n`);
  return { dir: target, workflow: "leak-tickets" };
}

function fileReference(file: string, secret: string): string {
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return `\${file:${file}}`;
}

function settle(entry: ServerEntry, values: Readonly<Record<string, string>>, mark: string | undefined): ServerEntry {
  const env = Object.entries(entry.env).map(([name, value]) => [name, settleValue(value, values)] as const);
  return {
    // The Node that runs the demo: a bare `node` may be one that is too old.
    command: process.execPath,
    args: entry.args.map((arg) => resolve(TEMPLATE, arg)),
    env: { ...Object.fromEntries(env), ...(mark === undefined ? {} : { [MARK_VARIABLE]: mark }) },
  };
}

function settleValue(value: string, values: Readonly<Record<string, string>>): string {
  // A URL rather than a path: NODE_OPTIONS splits at spaces.
  const preload = /^--import=(\..*)$/.exec(value);
  if (preload) return `--import=${pathToFileURL(resolve(TEMPLATE, preload[1] ?? "")).href}`;
  return value.replaceAll(/\$\{env:(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
