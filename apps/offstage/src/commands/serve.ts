import { randomBytes } from "node:crypto";
import { type Bell, createBell, OffstageError, toErrorData } from "offstage/base";
import { refuseOwnCode } from "offstage/host";
import type { Program } from "offstage/program";
import { startMetrics } from "offstage/telemetry";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { type Stage, warningTo, withStage } from "../compose.ts";
import { findProjectFolder } from "../config/project-folder.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { jsonTeller, type ServeTeller, textTeller } from "../serve-teller.ts";
import { workflowNames } from "../project/module-texts.ts";
import { loadProject } from "../project/load-project.ts";
import { hearHangUps } from "../reload/hang-ups.ts";
import { type ProjectSet, readProjectSet } from "../reload/project-set.ts";
import { contentsOf, stampsOf } from "../reload/watched-files.ts";
import { cliVersion } from "../version.ts";
import { escapeControls } from "../terminal.ts";
import { letYoungGenerationGrow } from "../young-generation.ts";

/** How long a run that goes on is waited for when the process is told to stop; whoever drives the store next goes on with it. Below the 30 s after which Kubernetes kills. */
const LEAVE_MS = 25_000;

/** `offstage serve [workflow…]`: starts runs by their triggers and goes on with parked ones, until it is told to stop. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[workflow...]", "only the triggers of these; without one, of all that have some")
    .option("--log <form>", "how stderr tells what happens: text, for people, or json, one record a line", "text")
    .option("--native", "let Node execute the modules as they stand, over the same policy and store")
    .option("--dry-run", "take every trigger and write nothing: `offstage show` tells what each run would have written")
    .action(io.action((names: readonly string[], options: ServeOptions) => serve(io, names, options)));
}

interface ServeOptions {
  readonly log: string;
  readonly dryRun?: boolean;
  readonly native?: boolean;
}

async function serve(io: CommandIo, names: readonly string[], { log: form, dryRun = false, native = false }: ServeOptions): Promise<ExitCode> {
  if (form !== "text" && form !== "json") throw new OffstageError("USAGE", `--log takes text or json, not ${form}.`);
  const teller = form === "json" ? await jsonTeller(io) : textTeller(io);
  try {
    return await serveTelling({ ...io, terminal: teller.terminal }, { names, dryRun, native }, teller);
  } catch (error) {
    teller.failed(error);
    throw error;
  }
}

async function serveTelling(io: CommandIo, asked: Omit<Asked, "bell">, teller: ServeTeller): Promise<ExitCode> {
  const bell = createBell();
  const deafen = hearHangUps(bell.ring);
  try {
    return await serveEdits(io, { ...asked, bell }, teller);
  } finally {
    deafen();
  }
}

interface Asked {
  /** Of workflows; empty: all. */
  readonly names: readonly string[];
  readonly dryRun: boolean;
  readonly native: boolean;
  /** Rung when edits are to be taken now. */
  readonly bell: Bell;
}

async function serveEdits(io: CommandIo, { names, dryRun, native, bell }: Asked, teller: ServeTeller): Promise<ExitCode> {
  const folder = findProjectFolder(io.cwd, io.projectFolder);
  // Before the first of them is read: what changes from here on is an edit.
  const [stamps, contents] = [await stampsOf(folder), await contentsOf(folder)];
  const project = loadProject(folder, { env: io.env, redactor: io.redactor, note: (text) => teller.say("offstage.note", escapeControls(text)) });
  const metrics = project.settings.serve.metrics === null ? null : await startMetrics({ version: cliVersion() });
  const live = project.settings.serve.api === null ? null : (await import("../api/live-events.ts")).createLiveEvents({ clock: io.clock, redactor: io.redactor, boot: randomBytes(6).toString("hex") });
  const news = (one: Parameters<ServeTeller["news"]>[0]): void => {
    teller.news(one);
    if (one.kind === "led" || one.kind === "followed") letYoungGenerationGrow();
    if (one.kind !== "open") metrics?.observe(one);
    live?.observe(one);
  };
  const changed: string[] = [];
  const change = (tool: string): void => {
    changed.push(tool);
    teller.changed(tool, commandLine(io, "lock", "--check"));
    metrics?.observe({ kind: "tool-changed", tool });
  };
  // Node cannot hold a run at its writes: a dry one is interpreted.
  const isDry = dryRun || project.settings.dryRun;
  const read = async (): Promise<ProjectSet> => {
    const set = await readProjectSet({ project, names: () => (names.length === 0 ? workflowNames(folder) : names), warn: warningTo(io), env: io.env, signal: io.signal });
    if (!native && !isDry && io.ownCode === undefined) set.programs.forEach(refuseOwnCode);
    return set;
  };
  const pick = (programs: readonly Program[]): readonly Program[] => served(programs, { named: names.length > 0, callable: live !== null });
  const first = await read();
  const use = async (stage: Stage): Promise<ExitCode> => {
    if (isDry) await beginDry(stage, teller);
    // Only who lets chat clients in loads their studio.
    const studio = project.settings.serve.mcp ? (await import("../studio/studio-door.ts")).createStudioDoor(io, { project, host: stage.host, failed: (error) => news({ kind: "failed", error: toErrorData(error) }) }) : null;
    await stage.serve({ first, stamps, contents, read, pick, bell }, { news, metrics, live, studio, stopping: io.signal });
    teller.say("offstage.process.stopping", "stopping: no further run begins");
    await stage.host.leave(AbortSignal.timeout(LEAVE_MS));
    io.answer({ workflows: pick(first.programs).map(({ name }) => name), changedTools: changed }, "Stopped.");
    return EXIT.fine;
  };
  return withStage(io, project, use, { serves: true, dryRun, ...(native && !isDry ? { native: "all" as const } : {}), concurrency: project.settings.serve.concurrency, news, changed: change, ground: first.ground, ...(metrics === null ? {} : { observe: metrics.observe }) });
}

/** Whoever drives a store takes its events: a dry run that began beside a process that writes would, now or later, take them from it. */
async function beginDry({ host }: Stage, teller: ServeTeller): Promise<void> {
  if (!(await host.lead())) throw new OffstageError("DRY_RUN", "Another process drives this store, and a dry run would take its events.", { hint: "Give the dry run a store of its own: store: { file: … } in its offstage.yaml." });
  teller.say("offstage.note", "dry run: nothing is written; `offstage show` tells what each run would have written");
}

/**
 * Those of the workflows that have triggers, and the others where an API is there to call them. All have to check: what is not listened to by mistake is noticed too
 * late.
 */
function served(programs: readonly Program[], { named, callable }: { readonly named: boolean; readonly callable: boolean }): readonly Program[] {
  const without = programs.find(({ triggers }) => triggers.length === 0);
  if (named && !callable && without !== undefined) throw new OffstageError("USAGE", `${without.name} has no trigger.`, { hint: "Give it one: `on: [every(\"10m\")]`." });
  const picked = programs.filter(({ triggers }) => callable || triggers.length > 0);
  if (picked.length === 0) throw new OffstageError("USAGE", "No workflow has a trigger, so there is nothing to serve.", { hint: "Give one to a workflow: `on: [every(\"10m\")]`." });
  return picked;
}
