import { createRedactor } from "../base/index.ts";
import { createRulebook, hashPolicy } from "../host/index.ts";
import { createEmbeddedHost } from "../hosts/embedded/index.ts";
import { DEFAULT_POLICY, type Policy } from "../model/index.ts";
import type { Program } from "../program/index.ts";
import type { Staging } from "../rehearsal/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";

/** Those that `compile-source` knows as reads; everything else writes. */
const READS: ReadonlySet<string> = new Set(["get", "list", "search", "lookup"]);

/** A project of one workflow, `test`, and these fixtures, for rehearsals in tests of the library. */
export function createRehearsalStaging(program: Program, fixtures: Readonly<Record<string, string>> = {}, policy: Policy = DEFAULT_POLICY): Staging {
  const rulebook = createRulebook({ profiles: new Map(), policyEffect: (_, tool) => (READS.has(tool) ? "read" : "write"), trustedRead: () => false });
  return {
    workflow: () => Promise.resolve({
      program,
      classOf: (server, tool, args) => rulebook.rules.rule(server, tool, args).effect,
      grantMaxAgeMs: policy.grantMaxAgeMs,
      createEnvironment: (parts) => ({
        ...parts, policy, rulebook, redactor: createRedactor(), connect: () => Promise.resolve(), lockFault: () => null, timeoutMs: () => 60_000,
        basis: { classes: "c", profiles: "p", policy: hashPolicy(policy) },
      }),
    }),
    fixtures: { read: (_, name) => fixtures[name] ?? null, names: () => Object.keys(fixtures).toSorted() },
    openStore: (clock) => openSqliteStore({ memory: true, clock }),
    createHost: (store, environment) => createEmbeddedHost({ store, environment, me: { host: "here", boot: "1", pid: 1, started: null }, alive: () => true }),
  };
}
