import { type Clock, type Data, OffstageError } from "../base/index.ts";
import type { Calls } from "../calls/index.ts";
import type { Models } from "../engine/index.ts";
import type { Environment, RunHost, RunNews } from "../host/index.ts";
import type { Program } from "../program/index.ts";
import type { Store } from "../state/index.ts";
import type { RecordedCall } from "./fixture.ts";

/** What rehearsals need of their project and of this process; made by a composition root. */
export interface Staging {
  /** A workflow of the project, compiled. Rejects with its faults, or `WORKFLOW_NOT_FOUND`. */
  workflow(name: string): Promise<StagedWorkflow>;
  readonly fixtures: FixtureShelf;
  /** A store of this process only, empty. */
  openStore(clock: Clock): Promise<Store>;
  createHost(store: Store, environment: Environment): RunHost;
}

/** Where fixtures lie. */
export interface FixtureShelf {
  /** The text of a fixture; null when there is none. */
  read(workflow: string, name: string): string | null;
  /** The names of a workflow's fixtures, sorted. */
  names(workflow: string): readonly string[];
}

/** A workflow under the policy, the lock and the profiles of its project. */
export interface StagedWorkflow {
  readonly program: Program;
  readonly classOf: (server: string, tool: string, args: Data) => RecordedCall["class"];
  /** How long a grant holds, in milliseconds. */
  readonly grantMaxAgeMs: number;
  createEnvironment(parts: EnvironmentParts): Environment;
}

/** What is another one in a rehearsal. Nothing is connected, and every tool is as it was pinned. */
export interface EnvironmentParts {
  readonly clock: Clock;
  readonly calls: Calls;
  readonly models: Models;
  readonly random: (count: number) => Uint8Array;
  readonly targetOf: (server: string) => string;
  readonly news: (news: RunNews) => void;
}

/** Who runs the tests of a file: `offstage test`, or vitest. */
export interface TestRunner {
  readonly staging: Staging;
  /** Takes a test; it runs when the file is loaded. */
  register(test: RegisteredTest): void;
  /** Called by rehearsals: what there is to say when the test that made them ends. A throw fails that test. */
  atTestEnd(check: () => void): void;
  warn(text: string): void;
}

/** A test as its file declares it. */
export interface RegisteredTest {
  readonly name: string;
  /** Milliseconds; null for the runner's own. */
  readonly limitMs: number | null;
  readonly body: () => void | Promise<void>;
}

const KEY = Symbol.for("offstage.test-runner");

/**
 * The runner of this process. It lies on the global object, because a test file and its runner may have a copy of this module
 * each (vitest bundles one and not the other), and because a file that imports `offstage/test` has nothing to hand it over in.
 */
export function installTestRunner(runner: TestRunner): void {
  (globalThis as { [KEY]?: TestRunner })[KEY] = runner;
}

/** See {@link installTestRunner}. Errors: `NOT_REHEARSING` when nobody runs this file. */
export function testRunner(): TestRunner {
  const runner = (globalThis as { [KEY]?: TestRunner })[KEY];
  if (runner !== undefined) return runner;
  throw new OffstageError("NOT_REHEARSING", "This test file does not know its project: nobody runs it as a test.", {
    hint: 'Run it with `offstage test`; under vitest, add `setupFiles: ["@offstage/cli/vitest"]` to its configuration.',
  });
}
