import type { Bell, Clock, ErrorData, Redactor } from "../base/index.ts";
import type { Calls } from "../calls/index.ts";
import type { interpret, Models, OwnCode } from "../engine/index.ts";
import type { PlanBasis, Policy } from "../model/index.ts";
import type { IsUnlike } from "./watch-calls.ts";
import type { Rulebook } from "./rulebook.ts";
import type { NoticeMaker } from "./notice.ts";
import type { RunNews } from "./run-host.ts";

/** What a host needs of the project and the machine; made by the composition root. */
export interface Environment {
  readonly clock: Clock;
  /** Cryptographically random bytes, for ids. */
  readonly random: (count: number) => Uint8Array;
  readonly policy: Policy;
  /** The policy as it stands when a write is decided about, also in the middle of a run; absent where it stays what `policy` is. */
  readonly policyNow?: () => Policy;
  /** The name that the workflow of a run has now, where it was renamed since: policies speak of that one. Absent where nobody renames while runs go on. */
  readonly nameNow?: (workflow: string) => string;
  /** Knows the project's secrets: a run whose inputs hold one is refused. */
  readonly redactor: Pick<Redactor, "redactData">;
  readonly rulebook: Rulebook;
  readonly calls: Calls;
  /** Looks at what calls give: what is not as it was learnt is counted in the run's record. Absent where nobody watches. */
  readonly isUnlike?: IsUnlike;
  /** Models that workflows ask; absent where none is configured. */
  readonly models?: Models;
  /** The owner's own code; absent where none is executed. */
  readonly own?: OwnCode;
  /**
   * Starts the servers that a program names and compares their tools with the lock; resolves when each answered or failed.
   * Rejects when this process cannot even try: a secret of one is not here.
   */
  readonly connect: (servers: readonly string[]) => Promise<void>;
  /** Why a tool may not be written through: TOOL_CHANGED, NOT_LOCKED; null when it is as it was pinned. */
  readonly lockFault: (server: string, tool: string) => ErrorData | null;
  /** The account or site that a server speaks to, without secrets. */
  readonly targetOf: (server: string) => string;
  readonly timeoutMs: (server: string) => number;
  /** Hashes of what a plan is made under, besides the program and the targets. */
  readonly basis: Pick<PlanBasis, "classes" | "profiles" | "policy">;
  readonly news: (news: RunNews) => void;
  /** Rung when an event was kept or a run came to rest: whoever serves looks at once. Absent where nobody does. */
  readonly bell?: Bell;
  /** How many runs go on side by side; one after the other without it. */
  readonly concurrency?: number;
  /** For how long a run that an event started is tried again when it fails because a server cannot be had, ms; never without it. */
  readonly retryMs?: number;
  /** Runs that begin here are held at all their writes and show them as a plan does; those that began otherwise are left alone. */
  readonly dryRun?: true;
  /** False where runs that others start are left alone: rehearsals and recordings are about one workflow. */
  readonly drivesStarted?: false;
  /** How people are told of what waits for them; nobody is told without it. */
  readonly notices?: NoticeMaker;
  /** Executes programs in the interpreter's place; without it they are interpreted. */
  readonly execute?: Executor;
}

/** Runs a program over the ports of its run, as the engine's `interpret` does: the same keys, the same result, the same rejections. */
export type Executor = typeof interpret;
