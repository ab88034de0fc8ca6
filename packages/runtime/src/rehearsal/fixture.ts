import type { Data, JsonObject } from "../base/index.ts";
import type { CallOutcome } from "../calls/index.ts";
import type { Certainty, RunEvent } from "../model/index.ts";

/** The version of the format that this code writes. A fixture with a greater one is refused. */
export const FIXTURE_VERSION = 1;

/**
 * What a run was told by its servers, kept as `fixtures/<workflow>/<case>.json` and reviewed in git: with it the same
 * workflow runs again without a server, a network or a secret.
 */
export interface Fixture {
  readonly version: typeof FIXTURE_VERSION;
  readonly workflow: string;
  /** `plan`: nothing was written, and `effects` say what would have been. `run`: a real run under the project's policy. */
  readonly phase: "plan" | "run";
  /** When it was recorded, in ms: what the clock of a replay says. */
  readonly now: number;
  readonly inputs: JsonObject;
  readonly event: RunEvent;
  /** server → the account or site that it spoke to. */
  readonly targets: { readonly [server: string]: string };
  /** Sorted by server, tool and arguments; equal calls in the order in which they were made. */
  readonly calls: readonly RecordedCall[];
  /** The writes that were held, in the order of the plan. */
  readonly effects: readonly RecordedEffect[];
}

/** One call and what came of it: redacted, without what a profile calls sensitive, masked. */
export interface RecordedCall {
  readonly server: string;
  readonly tool: string;
  readonly class: "read" | "prepare" | "write";
  readonly args: Data;
  readonly outcome: CallOutcome;
}

/** A write that a plan showed. What would be known only after an apply is `"(known after apply)"`. */
export interface RecordedEffect {
  readonly label: string;
  readonly action: "create" | "adopt" | "update" | "release" | "reopen" | "call" | "start";
  readonly server: string;
  /** null for an adoption, which makes no call. */
  readonly tool: string | null;
  /** Under which it happens once, as a plan shows it. */
  readonly identity: string;
  readonly certainty: Certainty;
  readonly args: Data;
}

/** Where a fixture lies in its project. */
export function fixturePath(workflow: string, name: string): string {
  return `fixtures/${workflow}/${name}.json`;
}
