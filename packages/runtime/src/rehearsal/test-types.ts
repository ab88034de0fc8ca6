/**
 * What a test of a workflow imports from `offstage/test`: a workflow runs here against recorded or given answers, with the same
 * engine, gate and ledger as in real life, and without a server, a network or a secret. Declarations only; editors read them as they are.
 */

/** Any value that JSON can carry; members that are `undefined` are left out. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A call that does not succeed; made by {@link fails}, {@link refuses} and {@link gone}. */
export interface Failure {
  readonly kind: "fails" | "refuses" | "gone";
  readonly message: string;
}

/** What a call answers; `undefined` leaves it to the fixture. */
export type Answer = Json | Failure | undefined;

/**
 * `server.tool` → what it answers: a value, or a function of the arguments and of how many such calls this rehearsal made, from 1. A
 * value is the call's *result*, after the profile's `result`, as the workflow sees it.
 */
export interface Answers {
  readonly [tool: string]: Answer | ((args: any, nth: number) => Answer | Promise<Answer>);
}

/** What a rehearsal begins with. */
export interface RehearseOptions {
  /** `fixtures/<workflow>/<fixture>.json`, made by `offstage record`; none by default. */
  readonly fixture?: string;
  /** Over the fixture's, which are over the workflow's own. */
  readonly inputs?: { readonly [name: string]: Json };
  /** What starts the run; the fixture's, else a call by hand. */
  readonly event?: { readonly kind: string; readonly [field: string]: Json };
  /** What calls answer, over what is recorded. */
  readonly answers?: Answers;
  /** What the clock says, such as `"2026-11-02T09:00:00Z"`; the fixture's instant by default. It stands still. */
  readonly now?: string;
  /** When a call is made more often than it was recorded: `"last"` (default) gives its last answer again, `"fail"` fails the test. */
  readonly repeats?: "last" | "fail";
  /** Recorded calls that nothing asked for when the test ends: `"warn"` (default), `"fail"`, `"ignore"`. */
  readonly unused?: "warn" | "fail" | "ignore";
}

/** A write. */
export interface RehearsedEffect {
  /** What it is about, as a plan shows it: `ticket PR_7`, `once comment:PR_7`. */
  readonly label: string;
  readonly action: "create" | "adopt" | "update" | "release" | "reopen" | "call" | "start";
  /** `jira.create_issue`; `offstage.start.<workflow>` for a run that was started, which a test does not run; null for an adoption, which makes no call. */
  readonly tool: string | null;
  /** In a plan, `"(known after apply)"` stands for what depends on a write that was not made. */
  readonly args: any;
  /** Under which it happens once: `leak-tickets/ticket/PR_7, generation 1, create`. */
  readonly identity: string;
  /** `planned`: shown, not made. `maybe`: whether it is made depends on a write that was not made. */
  readonly status: "done" | "failed" | "ambiguous" | "planned" | "maybe";
}

/** A call that was made. */
export interface RehearsedCall {
  readonly tool: string;
  readonly class: "read" | "prepare" | "write";
  readonly args: any;
  readonly from: "fixture" | "test";
}

/** An error as the workflow's `catch` sees it. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** How a rehearsal went. */
export interface Rehearsal<Output = Json> {
  /**
   * `succeeded`, `partial`, `pending`, `needs-attention`, `failed`, `cancelled`; `planned` for a plan; `parked` when it waits in place for
   * what only a test can answer. `sleep`, `until` and `poll` take no time: the clock moves on to their instant.
   */
  readonly status: string;
  /** What the workflow returned; null when it did not. */
  readonly output: Output;
  /** Why it failed; null when it did not. */
  readonly error: RunError | null;
  /** Items of an `each` with `onError: "continue"` that failed. */
  readonly failures: readonly (RunError & { readonly step: string })[];
  /** Writes that wait: for a person, for the guard, for another write. */
  readonly held: readonly { readonly label: string; readonly why: string }[];
  /** What it is parked at. */
  readonly waits: readonly { readonly kind: string; readonly label: string; /** When it is over by itself. */ readonly until: string | null }[];
  /** The writes of this run, in order; of a plan, those that it shows. A write that was done before is not among them. */
  readonly effects: readonly RehearsedEffect[];
  /** The writes that the fixture was recorded with, in the same form: what a plan should show. */
  readonly recorded: readonly RehearsedEffect[];
  /** The calls of this run, in order. */
  readonly calls: readonly RehearsedCall[];
  /** What the workflow said with `log`. */
  readonly log: readonly string[];
  /** Runs once more over what this run left behind (ledger, bindings, states): what is idempotent has no effects then. */
  again(options?: AgainOptions): Promise<Rehearsal<Output>>;
  /** What a plan would show now. */
  plan(options?: AgainOptions): Promise<Rehearsal<Output>>;
  /** Goes on with a parked run, `after` some time: `offstage resume`. */
  resume(options?: AgainOptions): Promise<Rehearsal<Output>>;
  /** Offers an event to what a parked run waits for with `waitFor()`, and goes on: `offstage resume <run> --event`. `topic`, `webhook:github`, where it waits for several. */
  offer(event: Json, options?: AgainOptions & { readonly topic?: string }): Promise<Rehearsal<Output>>;
  /** Says yes to every write that waits for a person and to all that `approve()` asks, and goes on as `offstage approve` does. */
  approve(options?: AgainOptions): Promise<Rehearsal<Output>>;
  /** The same with a no. */
  deny(options?: AgainOptions): Promise<Rehearsal<Output>>;
}

/** What is different the next time. */
export interface AgainOptions {
  /** Over those before. */
  readonly answers?: Answers;
  /** How much later it is: `"10m"`, `"2h"`, `"7d"`. */
  readonly after?: string;
}

/**
 * Runs a workflow offline. Rejects with `CALL_UNMATCHED` when it makes a call that nobody can answer, showing the nearest recorded
 * one; with `FIXTURE_MISSING`, `FIXTURE_INVALID`, `FIXTURE_NEWER`; and with the workflow's faults when it does not check.
 */
export declare function rehearse<Output = Json>(workflow: string, options?: RehearseOptions): Promise<Rehearsal<Output>>;

/** Plans it instead: reads are answered, no write is made, `effects` are what a plan shows. */
export declare function plan<Output = Json>(workflow: string, options?: RehearseOptions): Promise<Rehearsal<Output>>;

/** A test of this file. It fails when its body throws, or takes longer than `limit` (`"10s"` by default). */
export declare function test(name: string, body: () => void | Promise<void>): void;
export declare function test(name: string, options: { readonly limit?: string }, body: () => void | Promise<void>): void;

/** A call that ends with an error. Of a write it proves nothing: the effect is ambiguous. */
export declare function fails(message: string): Failure;
/** A call that ends with an error which proves that nothing happened. */
export declare function refuses(message: string): Failure;
/** A read that says that its target does not exist any more. */
export declare function gone(message?: string): Failure;

/** Node's strict `node:assert`, the part that tests of workflows need; any other assertions do too. */
export declare const assert: Assert;

export interface Assert {
  (value: unknown, message?: string): asserts value;
  ok(value: unknown, message?: string): asserts value;
  equal<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
  notEqual(actual: unknown, expected: unknown, message?: string): void;
  deepEqual<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
  notDeepEqual(actual: unknown, expected: unknown, message?: string): void;
  match(text: string, pattern: RegExp, message?: string): void;
  doesNotMatch(text: string, pattern: RegExp, message?: string): void;
  /** `expected` may be a pattern, or an object whose members the error has to have: `{ code: "CALL_UNMATCHED" }`. */
  rejects(body: Promise<unknown> | (() => Promise<unknown>), expected?: RegExp | object): Promise<void>;
  throws(body: () => unknown, expected?: RegExp | object): void;
  fail(message?: string): never;
}
