import { existsSync, type FSWatcher, readdirSync, watch } from "node:fs";
import { join, relative, sep } from "node:path";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { failureOf, inItsProject, printFailure } from "../errors.ts";
import { chosenTestFiles, testFiles, workflowOf } from "./test-files.ts";
import type { FileResult } from "./test-result.ts";
import { testsText } from "./test-text.ts";

/** What is watched for, and how it is run. */
export interface Watched {
  /** Only the tests of this workflow; all when undefined. */
  readonly workflow: string | undefined;
  readonly run: (files: readonly string[]) => Promise<readonly FileResult[]>;
}

/** Editors write a file in several steps: what happens in this time is one change. */
const SETTLE_MS = 100;

/** Runs tests again whenever something changes that they depend on, until Ctrl-C. */
export async function watchTests(io: CommandIo, folder: string, { workflow, run }: Watched): Promise<ExitCode> {
  const last = new Map<string, FileResult>();
  let files: readonly string[] = chosenTestFiles(folder, workflow);
  while (!io.signal.aborted) {
    // Before the run, so that what is changed while it goes on is seen.
    const changes = watchProject(folder);
    try {
      await runOnce(io, files, { run, last });
      io.terminal.note("Waiting for changes; Ctrl-C ends.");
      const changed = await changes.next(io.signal);
      await io.clock.sleep(SETTLE_MS, io.signal);
      files = touched(folder, [...changed, ...changes.seen()], { workflow, last });
    } finally {
      changes.close();
    }
  }
  return EXIT.interrupted;
}

async function runOnce(io: CommandIo, files: readonly string[], { run, last }: { readonly run: Watched["run"]; readonly last: Map<string, FileResult> }): Promise<void> {
  const startedAt = io.clock.now();
  try {
    const results = await run(files);
    for (const result of results) last.set(result.file, result);
    if (results.length > 0) io.terminal.print(testsText(results, io.clock.now() - startedAt, io));
  } catch (error) {
    if (io.signal.aborted) return;
    // A file that is half written: the next change may set it right.
    printFailure(inItsProject(failureOf(error), io), io.terminal);
  }
}

/** The test files that depend on what changed. What is not a workflow, a test or a fixture concerns all. */
export function touched(folder: string, changed: readonly string[], { workflow, last }: { readonly workflow: string | undefined; readonly last: ReadonlyMap<string, FileResult> }): readonly string[] {
  const all = testFiles(folder).filter((file) => workflow === undefined || workflowOf(file) === workflow);
  const uses = (file: string, name: string): boolean => workflowOf(file) === name || last.get(file)?.workflows.includes(name) === true;
  return all.filter((file) =>
    [...new Set(changed)].some((path) => {
      const named = /^workflows\/([a-z0-9-]+)\.ts$/.exec(path) ?? /^fixtures\/([^/]+)(?:\/|$)/.exec(path);
      if (named !== null) return uses(file, named[1] ?? "");
      return path.endsWith(".test.ts") ? path === file : path !== "fixtures" && path !== "workflows" && path !== "profiles";
    }),
  );
}

/** What changes in the files that tests depend on. */
interface Changes {
  /** Resolves with the next ones, or with none when `signal` is aborted. */
  next(signal: AbortSignal): Promise<readonly string[]>;
  seen(): readonly string[];
  close(): void;
}

const WATCHED_FILES: readonly string[] = ["offstage.lock", "offstage.learnt.json", "offstage.yaml", "fixtures", "workflows", "profiles"];

/** Folder by folder: a recursive watch would go through `node_modules` and through what we write ourselves. */
function watchProject(folder: string): Changes {
  const seen: string[] = [];
  let wake: () => void = () => undefined;
  const add = (path: string): void => {
    seen.push(path);
    wake();
  };
  const folders = [folder, ...["workflows", "profiles", "fixtures"].map((name) => join(folder, name)), ...foldersIn(join(folder, "fixtures"))];
  const watchers = folders.filter((one) => existsSync(one)).map((one): FSWatcher => {
    const watcher = watch(one, (_event, name) => {
      const path = relative(folder, join(one, name ?? "")).split(sep).join("/");
      if (isRelevant(path)) add(path);
    });
    // A folder that is removed: its parent tells that too.
    return watcher.on("error", () => watcher.close());
  });
  return {
    next: (signal) =>
      new Promise((resolve) => {
        const heard = new AbortController();
        wake = () => (heard.abort(), resolve(seen));
        signal.addEventListener("abort", wake, { once: true, signal: heard.signal });
        if (seen.length > 0 || signal.aborted) wake();
      }),
    seen: () => seen,
    close: () => watchers.forEach((watcher) => watcher.close()),
  };
}

/** Not what editors and we ourselves write beside a file before it is renamed. */
function isRelevant(path: string): boolean {
  return WATCHED_FILES.includes(path) || /^fixtures\/[^/.]+$/.test(path) || /\/[^/]+\.(ts|json)$/.test(path);
}

function foldersIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name)) : [];
}
