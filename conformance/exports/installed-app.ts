import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { env, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "../../apps/offstage/src/main.ts";
import { installOnDebian } from "../../scripts/house/debian.ts";
import type { Projects } from "./projects.ts";
import { needed } from "./tools.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** Where an app lies in its cell. */
export const CELL_APP = "/tmp/task";
const SECRET = "a-secret-of-a-webhook";
/** What the exported settings refer to. */
export const VALUES = { GITHUB_WEBHOOK_SECRET: SECRET, ADA_API_TOKEN: "a-token-for-the-api-of-ada" } as const;

/** What runs in a cell: its folder, and what it needs of this machine besides. */
export interface App {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
}

type Bind = readonly [from: string, to: string, how: "--bind" | "--ro-bind"];

let made: Promise<string> | null = null;

/** The workflow `beat`, exported by the command line, its dependencies installed from the public registry; with the handlers of both clouds. */
export function installedApp(projects: Projects): Promise<string> {
  return (made ??= install(projects));
}

async function install(projects: Projects): Promise<string> {
  const app = await exportedApp(projects, "beat", ["--to", "lambda", "--store", "postgres"]);
  cpSync(join(await projects.write("beat", "cloud-run", { store: "postgres" }), "app"), app, { recursive: true });
  // The handlers know nothing of the store: one in a file is quicker to have.
  const settings = join(app, "offstage.function.yaml");
  const text = readFileSync(settings, "utf8");
  writeFileSync(settings, text.replace(/^store:\n {2}.*\n/m, ""));
  assert.notEqual(readFileSync(settings, "utf8"), text);
  needed("npm", ["install", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: app });
  return app;
}

/** `app/` of an export by the command line itself, in `name` beside the project. */
export async function exportedApp(projects: Projects, name: string, words: readonly string[]): Promise<string> {
  if (!existsSync("/usr/bin/bwrap")) installOnDebian(["bubblewrap"]);
  const out = join(dirname(projects.folder), name);
  let said = "";
  const code = await runCommandLine(["export", "beat", ...words, "--out", out], { stdout: { write: () => true }, stderr: { write: (text) => (said += text) }, env: { PATH: env["PATH"] }, cwd: projects.folder, signal: new AbortController().signal });
  assert.equal(code, 0, said);
  mkdirSync(join(out, "app/.offstage"), { recursive: true });
  return join(out, "app");
}

/** A process of an image as nobody in particular: a root that nobody writes to, and an empty /tmp. `binds` are written to. */
export function inCell(app: string, argv: readonly string[], { variables, binds = [] }: { readonly variables: Readonly<Record<string, string>>; readonly binds?: readonly Bind[] }): ChildProcess {
  // A clone below /tmp is there all the same.
  const programs = [PROJECT, dirname(dirname(execPath))].flatMap((folder) => ["--ro-bind", folder, folder]);
  const cell = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", ...programs, "--ro-bind", app, CELL_APP, ...binds.flatMap(([from, to, how]) => [how, from, to]), "--unshare-user", "--uid", "10001", "--gid", "10001", "--die-with-parent", "--chdir", CELL_APP, "--"];
  return spawn("bwrap", [...cell, ...argv], { stdio: ["ignore", "pipe", "pipe"], env: { PATH: `${dirname(execPath)}:/usr/bin:/bin`, HOME: "/tmp", NODE_ENV: "production", ...variables } });
}

/** A delivery as GitHub sends it. */
export function delivery(id: string, secret: string = SECRET): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const body = JSON.stringify({ action: "opened", id });
  return { headers: { "content-type": "application/json", "x-github-event": "pull_request", "x-github-delivery": id, "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` }, body };
}

/** How many runs ended well that a delivery began, by the log. */
export function endedRuns(log: string): number {
  return log.split("\n").filter((line) => line.includes('"offstage.run.ended"') && line.includes('"offstage.run.cause":"webhook"') && line.includes('"offstage.run.status":"succeeded"')).length;
}

/** What a process says, as it says it. */
export function listen(child: ChildProcess): { text: string; readonly ended: Promise<number | NodeJS.Signals | null> } {
  const heard = { text: "", ended: new Promise<number | NodeJS.Signals | null>((resolve, reject) => child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal))) };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (heard.text += text));
  return heard;
}
