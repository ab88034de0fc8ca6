import { randomBytes } from "node:crypto";
import { createRedactor, type JsonObject } from "offstage/base";
import { createCalls, type Session } from "offstage/calls";
import { compileProfile } from "offstage/engine";
import { createRulebook, createStoreBlobs, type Environment, hashPolicy, type Rulebook } from "offstage/host";
import { createEmbeddedHost } from "offstage/hosts/embedded";
import { DEFAULT_POLICY, type LedgerEntry, type Run } from "offstage/model";
import type { ProfileProgram, Program } from "offstage/program";
import { openSqliteStore } from "offstage/stores/sqlite";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";

/** A whole runtime over one server, `shop`: engine, calls, effects, a store in a file. */
export interface BenchHost {
  /** Runs a program to its end; throws when it did not succeed. */
  run(program: Program): Promise<Run>;
  /** Runs a program to whatever end. */
  runAnyhow(program: Program, inputs: JsonObject): Promise<Run>;
  /** The whole ledger. */
  effects(): Promise<readonly LedgerEntry[]>;
  close(): Promise<void>;
}

const SERVER_TYPES = `
import type { ServerBase, Tool } from "offstage";
export declare const shop: shop.Server;
export declare namespace shop {
  interface Server extends ServerBase {
    add: Tool<{ readonly a: number; readonly b: number }, number>;
    echo: Tool<{ readonly text: string }, { readonly text: string }>;
  }
}
`;
const PROFILE_SOURCE = `import { profile } from "offstage"; export default profile("shop@1", { add: [{ effect: "read" }], echo: [{ effect: "write" }] });`;
const TIMEOUT_MS = 30_000;

/** What a {@link BenchHost} runs: compiled apart, so that a process can be measured without the compiler. */
export interface BenchPrograms {
  readonly profile: ProfileProgram;
  readonly programs: readonly Program[];
}

/** Compiles workflows over `shop`. Loads the compiler. */
export async function compileForBench(sources: readonly string[]): Promise<BenchPrograms> {
  const { createCompiler, nodeApiFiles } = await import("offstage/language");
  const compiler = createCompiler({ apiFiles: nodeApiFiles() });
  const { profile } = compiler.compileProfile({ server: "shop", file: "shop.ts", source: PROFILE_SOURCE });
  if (profile === null) throw new Error("the profile of the benchmark does not check");
  const { mayWrite } = rulebookOf(profile);
  const programs = sources.map((source) => {
    const { program, diagnostics } = compiler.compileWorkflow({ file: "bench.ts", source, serverTypes: SERVER_TYPES, mayWrite });
    if (program === null) throw new Error(JSON.stringify(diagnostics));
    return program;
  });
  return { profile, programs };
}

function rulebookOf(profile: ProfileProgram): Rulebook {
  return createRulebook({ profiles: new Map([["shop", compileProfile(profile)]]), policyEffect: () => null, trustedRead: () => false });
}

/** Opens a {@link BenchHost} whose store is `file` and whose one server answers through what `session` gives for each call. */
export async function openBenchHost(file: string, session: () => Promise<Session>, profile: ProfileProgram, timeoutMs = TIMEOUT_MS): Promise<BenchHost> {
  const rulebook = rulebookOf(profile);
  const store = await openSqliteStore({ file, clock: realClock });
  const environment: Environment = {
    clock: realClock, policy: DEFAULT_POLICY, redactor: createRedactor(), rulebook, random: (count) => randomBytes(count), connect: () => Promise.resolve(), lockFault: () => null,
    calls: createCalls({ sessions: session, rules: rulebook.rules, redactor: createRedactor(), clock: realClock, timeoutMs: () => timeoutMs, blobs: createStoreBlobs(store, realClock) }),
    targetOf: () => "bench", timeoutMs: () => timeoutMs, basis: { classes: "", profiles: "", policy: hashPolicy(DEFAULT_POLICY) }, news: () => {},
  };
  const host = createEmbeddedHost({ store, environment, me: { host: "bench", boot: "", pid: process.pid, started: null }, alive: () => true });
  const runAnyhow: BenchHost["runAnyhow"] = async (program, inputs) => (await host.start({ program, inputs, event: { kind: "call" } })).finished;
  return {
    runAnyhow,
    effects: () => store.transact({ durable: false, reads: true }, (tx) => tx.listEffects({ limit: Number.MAX_SAFE_INTEGER })),
    async run(program) {
      const run = await runAnyhow(program, {});
      if (run.status !== "succeeded") throw new Error(`the run of the benchmark ${run.status}: ${JSON.stringify(run.error ?? run.failures[0] ?? run.held[0])}`);
      return run;
    },
    async close() {
      await host.close();
      await store.close();
    },
  };
}
