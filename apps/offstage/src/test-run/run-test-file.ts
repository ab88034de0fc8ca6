import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { type Clock, formatDuration, OffstageError } from "offstage/base";
import type { Environment } from "../config/environment.ts";
import { timedOut } from "./run-tests.ts";
import { type FileResult, type TestFailure, testFailureOf, type TestResult } from "./test-result.ts";
import type { TestWork, WorkerNews } from "./test-thread.ts";

/** How a file's tests are run. */
export interface TestFileOptions extends TestWork {
  readonly env: Environment;
  readonly clock: Clock;
  /** Ends the thread. */
  readonly signal: AbortSignal;
  /** A line that a test printed. */
  readonly print: (line: string) => void;
}

/** A test that has not given up by itself after its limit never yields: so much later its thread is ended. */
const GRACE_MS = 1_000;
/** Until the first test begins: reading the project and loading the file. */
const LOAD_LIMIT_MS = 60_000;

/** Runs the tests of one file in a thread of its own. Resolves with whatever happened to it; rejects only when `signal` ends it. */
export async function runTestFile(options: TestFileOptions): Promise<FileResult> {
  const { folder, file, limitMs } = options;
  const worker = new Worker(new URL(`./test-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url), {
    workerData: { folder, file, limitMs } satisfies TestWork,
    env: { ...options.env }, stdout: true, stderr: true,
    // A clone has no build.
    ...(import.meta.url.endsWith(".ts") ? { execArgv: ["--conditions=offstage-src", "--disable-warning=ExperimentalWarning"] } : {}),
  });
  for (const input of [worker.stdout, worker.stderr]) createInterface({ input }).on("line", options.print);
  try {
    return await followWorker(worker, options);
  } finally {
    await worker.terminate();
  }
}

function followWorker(worker: Worker, options: TestFileOptions): Promise<FileResult> {
  const { file, clock, signal } = options;
  const tests: TestResult[] = [];
  let running: { readonly name: string; readonly limitMs: number; readonly startedAt: number } | null = null;
  let timer = new AbortController();
  const done = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (failure: TestFailure | null, workflows: readonly string[]): void => {
      timer.abort();
      done.abort();
      resolve({ file, tests, failure, workflows });
    };
    const failRunning = (failure: TestFailure): void => {
      // Its thread ends after that, and says so too.
      if (done.signal.aborted) return;
      if (running !== null) tests.push({ name: running.name, ok: false, tookMs: clock.now() - running.startedAt, warnings: ["This ended the file: the tests behind it did not run."], failure });
      end(running === null ? failure : null, []);
    };
    const limit = (ms: number, late: () => unknown): void => {
      timer.abort();
      const mine = (timer = new AbortController());
      void clock.sleep(ms, mine.signal).then(() => {
        if (!mine.signal.aborted) failRunning(testFailureOf(late(), options));
      });
    };
    limit(LOAD_LIMIT_MS, () => new OffstageError("TEST_TIMEOUT", `${file} was not loaded within ${formatDuration(LOAD_LIMIT_MS)}.`, { hint: "Look for an await at its top level that never ends." }));
    worker.on("message", (news: WorkerNews) => {
      if (done.signal.aborted) return;
      if (news.kind === "file-ended") return end(news.failure, news.workflows);
      if (news.kind === "test-ended") return void ((running = null), tests.push(news.result));
      const { name, limitMs } = news;
      running = { name, limitMs, startedAt: clock.now() };
      limit(limitMs + GRACE_MS, () => timedOut(name, limitMs));
    });
    worker.on("error", (error) => failRunning({ ...testFailureOf(error, options), code: "TEST_BROKEN" }));
    worker.on("exit", () => failRunning({ code: "TEST_BROKEN", message: `${file} ended its own thread.`, hint: "A test must not call process.exit()." }));
    signal.addEventListener("abort", () => (timer.abort(), reject(signal.reason as Error)), { once: true, signal: done.signal });
    if (signal.aborted) reject(signal.reason as Error);
  });
}
