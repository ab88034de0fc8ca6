import { createRedactor, type Data, toErrorData } from "../base/index.ts";
import type { Calls } from "../calls/index.ts";
import { createRulebook, type Environment, hashPolicy, type RunHost, type RunNews } from "../host/index.ts";
import { createEmbeddedHost } from "../hosts/embedded/index.ts";
import { DEFAULT_POLICY, type Run } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

/** A tool of a {@link HostWorld}: what it answers. A throw is an error of which nobody knows whether it wrote. */
export type HostTool = (args: { readonly [name: string]: Data }) => Data | Promise<Data>;

/** What several "processes" of a test have in common: one store, one clock, the servers `world` and `other`. */
export interface HostWorld {
  readonly store: Store;
  readonly clock: FakeClock;
  /** Every call that reached a server, `tool {"args":…}`, in order. */
  readonly called: string[];
  readonly news: RunNews[];
  /** The runs of the store, the newest first. */
  runs(): Promise<readonly Run[]>;
  /** The store as a process has it: once it is killed, nothing comes back from it. */
  storeOf: (pid: number) => Store;
  /** Ends a process as SIGKILL does: nothing of it that is still awaited ever ends. */
  kill(pid: number): void;
  /** Others take this process for dead; it only does not know. */
  mistakeForDead(pid: number): void;
  environment(changed?: Partial<Environment>): Environment;
  /** The host of a process; `pid` tells it from the others. Closed with the world. */
  host(pid: number, changed?: Partial<Environment>, store?: Store): RunHost;
  close(): Promise<void>;
}

/** Those that `compile-source` knows as reads; everything else writes. */
const READS: ReadonlySet<string> = new Set(["get", "list", "search", "lookup"]);

/** Makes a {@link HostWorld}; a tool that is not given answers null. Close it in the end. */
export async function createHostWorld(tools: { readonly [tool: string]: HostTool } = {}): Promise<HostWorld> {
  const clock = createFakeClock();
  const store = await openSqliteStore({ memory: true, clock });
  const called: string[] = [];
  const news: RunNews[] = [];
  const killed = new Set<number>();
  const dead = new Set<number>();
  const hosts: { readonly pid: number; readonly host: RunHost }[] = [];
  const answer = async (tool: string, args: Data): Promise<Data> => {
    called.push(`${tool} ${JSON.stringify(args)}`);
    return (await tools[tool]?.(args as { readonly [name: string]: Data })) ?? null;
  };
  const calls: Calls = {
    call: (_, tool, args) => answer(tool, args).then((value) => ({ kind: "value", value, gone: false }), (error: unknown) => ({ kind: "error", error: toErrorData(error), refused: false, gone: false })),
    read: ({ tool, args }) => answer(tool, args).then((value) => ({ kind: "value", value, gone: false }), (error: unknown) => ({ kind: "error", error: { ...toErrorData(error), code: "READ_FAILED" }, gone: false })),
    readOffer: ({ offer }) => answer(offer.kind, { ...offer }).then((value) => ({ kind: "value", value, gone: false }), (error: unknown) => ({ kind: "error", error: { ...toErrorData(error), code: "READ_FAILED" }, gone: false })),
  };
  let seed = 0;
  const environment = (changed: Partial<Environment> = {}): Environment => ({
    clock, calls, policy: DEFAULT_POLICY, redactor: createRedactor(),
    random: (count) => Uint8Array.from({ length: count }, () => (seed = (seed * 73 + 41) % 251)),
    rulebook: createRulebook({ profiles: new Map(), policyEffect: (_, tool) => (READS.has(tool) ? "read" : "write"), trustedRead: () => false }),
    connect: () => Promise.resolve(), lockFault: () => null, targetOf: (server) => `${server}.test`, timeoutMs: () => 10_000,
    basis: { classes: "c", profiles: "f", policy: hashPolicy(changed.policy ?? DEFAULT_POLICY) },
    news: (one) => void news.push(one),
    ...changed,
  });
  const mortal = (pid: number, over: Store): Store => ({ ...over, transact: (how, body) => (killed.has(pid) ? new Promise(() => undefined) : over.transact(how, body)) });
  return {
    store, clock, called, news, environment,
    runs: () => store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ limit: 1_000 })),
    storeOf: (pid) => mortal(pid, store),
    kill(pid) {
      killed.add(pid);
      dead.add(pid);
    },
    mistakeForDead: (pid) => void dead.add(pid),
    host(pid, changed, over = store) {
      const host = createEmbeddedHost({ store: mortal(pid, over), environment: environment(changed), me: { host: "here", boot: "1", pid, started: null }, alive: (holder) => !dead.has(holder.pid) });
      hosts.push({ pid, host });
      return host;
    },
    async close() {
      await Promise.all(hosts.filter(({ pid }) => !killed.has(pid)).map(({ host }) => host.close()));
      await store.close();
    },
  };
}

/** The news of a kind, as short texts. */
export function newsOf(world: Pick<HostWorld, "news">, kind: RunNews["kind"]): readonly string[] {
  return world.news.filter((one) => one.kind === kind).map((one) => ("label" in one ? one.label : "why" in one ? one.why : "text" in one ? one.text : "run" in one ? one.run.workflow : one.server));
}
