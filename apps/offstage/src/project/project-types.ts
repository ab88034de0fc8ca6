import type { Diagnostic } from "offstage/base";
import type { ProfileProgram, Program } from "offstage/program";
import type { Learnt, Lock, ProfileTypeInfo } from "offstage/tools";

/** A server's profile, lowered. */
export interface LoadedProfile {
  readonly server: string;
  /** For people: `profiles/jira.ts`, or `offstage/profiles/…`. */
  readonly file: string;
  readonly program: ProfileProgram;
  /** What the generated types and the learnt schemas owe to it. */
  readonly types: ProfileTypeInfo;
}

/** What workflows of a project are checked against. */
export interface ProjectTypes {
  readonly lock: Lock;
  readonly learnt: Learnt;
  readonly profiles: readonly LoadedProfile[];
  /** The text of `#servers`; null while nothing is locked. */
  readonly serverTypes: string | null;
  /** Hash of all profiles: a plan made under one is void under another. */
  readonly profilesHash: string;
}

/** A checked workflow, or what is wrong with it. */
export interface CheckedWorkflow {
  readonly name: string;
  /** `workflows/<name>.ts`. */
  readonly file: string;
  /** Its text as it was checked. */
  readonly source: string;
  readonly program: Program | null;
  readonly diagnostics: readonly Diagnostic[];
}
