import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { createRedactor } from "offstage/base";
import { programFamily } from "offstage/program";
import { installTestRunner, type RegisteredTest } from "offstage/rehearsal";
import { createRehearsalStaging } from "../compose-rehearsal.ts";
import { loadProject } from "../project/load-project.ts";
import { createSystemClock } from "../system-clock.ts";
import { runTests, type TestNews } from "./run-tests.ts";
import { type TestFailure, testFailureOf } from "./test-result.ts";

// The thread of one test file. It is ended when a test never yields, and nothing of it is left for the next file.

/** What the thread is told. */
export interface TestWork {
  /** The project's, absolute. */
  readonly folder: string;
  /** Relative to it. */
  readonly file: string;
  readonly limitMs: number;
}

/** What it tells. */
export type WorkerNews = TestNews | { readonly kind: "file-ended"; readonly failure: TestFailure | null; readonly workflows: readonly string[] };

const work = workerData as TestWork;
const tell = (news: WorkerNews): void => parentPort?.postMessage(news);
const failureOf = (thrown: unknown): TestFailure => testFailureOf(thrown, work);

/** A project need not have installed anything: `offstage/test` is the one of this command line. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "offstage" || specifier.startsWith("offstage/")) return next(specifier, { ...context, parentURL: import.meta.url });
    const resolved = next(specifier, context);
    // Said here, it need not be found out, with a warning, where no package.json says it.
    return resolved.url.startsWith(pathToFileURL(`${work.folder}/`).href) && resolved.url.endsWith(".ts") && !resolved.url.includes("/node_modules/") ? { ...resolved, format: "module-typescript" } : resolved;
  },
});

async function run(): Promise<void> {
  const tests: RegisteredTest[] = [];
  const workflows = new Set<string>();
  let checks: (() => void)[] = [];
  let warnings: string[] = [];
  const staging = createRehearsalStaging(loadProject(work.folder, { env: {}, redactor: createRedactor() }));
  installTestRunner({
    staging: {
      ...staging,
      async workflow(name) {
        workflows.add(name);
        const staged = await staging.workflow(name);
        for (const { name: other } of programFamily(staged.program)) workflows.add(other);
        return staged;
      },
    },
    register: (test) => void tests.push(test), atTestEnd: (check) => void checks.push(check), warn: (text) => void warnings.push(text),
  });
  const take = <T>(list: T[], empty: () => void): readonly T[] => (empty(), list);
  await import(pathToFileURL(join(work.folder, work.file)).href);
  await runTests({
    tests, tell, failureOf, clock: createSystemClock(), limitMs: work.limitMs,
    takeChecks: () => take(checks, () => (checks = [])), takeWarnings: () => take(warnings, () => (warnings = [])),
  });
  const failure = tests.length === 0 ? ({ code: "TEST_BROKEN", message: `${work.file} holds no test.`, hint: 'Write one: test("…", async () => { … }) of offstage/test.' } as const) : null;
  tell({ kind: "file-ended", failure, workflows: [...workflows] });
}

try {
  await run();
} catch (error) {
  const failure = failureOf(error);
  tell({ kind: "file-ended", failure: { ...failure, code: failure.code ?? "TEST_BROKEN" }, workflows: [] });
}
// Whatever a test left running is not waited for.
process.exit(0);
