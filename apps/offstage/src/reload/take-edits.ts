import type { Clock } from "offstage/base";
import { type ServedWorkflow, withFormerNames } from "offstage/host";
import { hashProgram, ownModules, type Program } from "offstage/program";
import type { Store } from "offstage/state";
import { SERVERS_FILE } from "../config/server-entry.ts";
import { failureOf } from "../errors.ts";
import type { Project } from "../project/load-project.ts";
import { OWN_FOLDER } from "../project/read-module.ts";
import type { ProjectSet } from "./project-set.ts";
import type { ReloadNews } from "./reload-news.ts";
import { restartParts } from "./restart-parts.ts";
import { changedFiles, contentsOf, type FileMarks, stampsOf } from "./watched-files.ts";

/** What is served at a moment. */
export interface Standing {
  readonly programs: readonly Program[];
  /** Those that are listened to. */
  readonly workflows: readonly ServedWorkflow[];
}

/** What {@link createEdits} needs. */
export interface EditsOptions<Made extends Standing> {
  readonly project: Pick<Project, "folder" | "settings">;
  readonly store: Store;
  readonly clock: Clock;
  /** What the process began with, and what was in its files. */
  readonly first: ProjectSet;
  readonly contents: FileMarks;
  readonly read: () => Promise<ProjectSet>;
  /** Does all that may fail; what is served stays as it is. */
  readonly prepare: (set: ProjectSet) => Promise<Made>;
  /** Puts one in the place of the other, at once; gives what was served before. */
  readonly stand: (set: ProjectSet, made: Made) => Standing;
  readonly news: (news: ReloadNews | { readonly kind: "listening"; readonly workflow: string; readonly triggers: readonly string[] }) => void;
  readonly stopping: AbortSignal;
}

/**
 * Takes what the files hold now, as a whole or not at all; see `FollowOptions.attempt`. Nothing durable is done: a kill in the middle leaves what is served to the next process, which reads the
 * files anew. Never rejects.
 */
export function createEdits<Made extends Standing>({ project, store, clock, first, read, prepare, stand, news, stopping, ...options }: EditsOptions<Made>): (asked: boolean) => Promise<boolean> {
  const { folder } = project;
  const began = { settings: project.settings, types: first.ground.types };
  let contents = options.contents;
  let told = "";
  let isRefused = false;
  const tellRestart = (set: ProjectSet | null, files: FileMarks): void => {
    const started = changedFiles(options.contents, files).filter((file) => file === SERVERS_FILE || isLoadedOnce(file, set ?? first));
    const what = restartParts(began, set === null ? began : { settings: set.settings, types: set.ground.types }, started);
    if (what.length > 0 && what.join() !== told) news({ kind: "restart-needed", what });
    told = what.join();
  };
  return async (asked) => {
    const before = await stampsOf(folder);
    const isStill = async (): Promise<boolean> => changedFiles(before, await stampsOf(folder)).length === 0;
    const now = await contentsOf(folder);
    const files = changedFiles(contents, now);
    if (files.length === 0) {
      if (asked || isRefused) news({ kind: "reload-unneeded", at: clock.now() });
      isRefused = false;
      return isStill();
    }
    let set: ProjectSet | null = null;
    try {
      set = await read();
      const made = await prepare(set);
      if (!(await isStill())) return false;
      const old = stand(set, made);
      [contents, isRefused] = [now, false];
      const taken = files.filter((file) => !isLoadedOnce(file, set ?? first));
      if (taken.some((file) => file !== SERVERS_FILE)) await tellTaken({ store, clock, news }, taken, old, made);
    } catch (error) {
      if (stopping.aborted) return true;
      if (!(await isStill())) return false;
      isRefused = true;
      const failure = failureOf(error);
      news({ kind: "reload-refused", at: clock.now(), code: failure.code, failure });
    }
    tellRestart(set, now);
    return true;
  };
}

/** Node loads its owner's own code once, when it is first called: what is called later is of that, whatever the files say. */
function isLoadedOnce(file: string, { programs }: Pick<ProjectSet, "programs">): boolean {
  return file.startsWith(`${OWN_FOLDER}/`) && programs.some((program) => ownModules(program).length > 0);
}

async function tellTaken({ store, clock, news }: Pick<EditsOptions<Standing>, "store" | "clock" | "news">, files: readonly string[], old: Standing, now: Standing): Promise<void> {
  const [hashes, hashesNow] = [hashesOf(old), hashesOf(now)];
  const names = { added: [...hashesNow.keys()].filter((name) => !hashes.has(name)), removed: [...hashes.keys()].filter((name) => !hashesNow.has(name)), changed: [...hashesNow].filter(([name, hash]) => (hashes.get(name) ?? hash) !== hash).map(([name]) => name) };
  news({ kind: "reloaded", at: clock.now(), files, ...names, left: await leftOf(store, old, now) });
  for (const { program: { name }, triggers } of now.workflows) if (names.added.includes(name) || names.changed.includes(name)) news({ kind: "listening", workflow: name, triggers: triggers.map((one) => one.name) });
}

function hashesOf({ programs }: Standing): ReadonlyMap<string, string> {
  return new Map(programs.map((program) => [program.name, hashProgram(program)]));
}

/** Where events wait that nobody takes any more. A store that cannot be read is told of by whoever needs it. */
async function leftOf(store: Store, old: Standing, { workflows }: Standing): Promise<Extract<ReloadNews, { readonly kind: "reloaded" }>["left"]> {
  const taken = new Set(withFormerNames(workflows).flatMap(({ program, formerly }) => [program.name, formerly]));
  const names = old.workflows.map(({ program }) => program.name).filter((name) => !taken.has(name));
  const counts = await store.transact({ durable: false, reads: true }, (tx) => Promise.all(names.map((name) => tx.countWaitingArrivals({ workflows: [name], limit: 1_000_000 })))).catch(() => []);
  return names.map((workflow, index) => ({ workflow, waiting: counts[index] ?? 0 })).filter(({ waiting }) => waiting > 0);
}
