import { conformanceFaults } from "../schemas/index.ts";
import { type Data, decodeValue, encodeValue, OffstageError } from "../base/index.ts";
import type { CompactedItem, Paging, Ports, ReadAnswer, RunFrame, StagedState, Value } from "../engine/index.ts";
import type { CallClass, EffectRequest, RunPhase } from "../model/index.ts";
import { FakeLedger } from "./fake-ledger.ts";
import { FakeWaits } from "./fake-waits.ts";
import type { FakeCall, FakeTool, FakeWorldView } from "./fake-tool.ts";

/** What outlives a process: the world, the ledger, the journal, committed states. */
export class FakeWorld implements FakeWorldView {
  readonly tools: { readonly [name: string]: FakeTool };
  readonly calls: FakeCall[] = [];
  readonly logs: string[] = [];
  readonly journal = new Map<string, { readonly hash: string; readonly value: string }>();
  readonly states = new Map<string, { readonly value: Data; readonly version: number }>();
  readonly ledger: FakeLedger;
  readonly waits = new FakeWaits();
  now = 1_000_000;

  constructor(tools: { readonly [name: string]: FakeTool }) {
    this.tools = tools;
    this.ledger = new FakeLedger(this);
  }

  tool(server: string, name: string): FakeTool {
    return this.tools[`${server}.${name}`] ?? this.tools[name] ?? { effect: "read", answer: () => null };
  }

  /** The tools that were called, in order. */
  called(): readonly string[] {
    return this.calls.map(({ tool }) => tool);
  }
}

/** How a run meets the world. */
export interface FakeRunOptions {
  readonly phase?: RunPhase;
  /** Effects to hold in a run, by request. */
  readonly holds?: (request: EffectRequest) => boolean;
  readonly refuses?: (request: EffectRequest) => boolean;
  /** Dies (LEASE_LOST) at this visit of a port, counted from 1. */
  readonly diesAt?: number;
  readonly cancelsAt?: number;
  readonly inputs?: Data;
  /** The scope of the run's own workflow; `test` without it. */
  readonly scope?: string;
  /** Scopes of called workflows. */
  readonly scopes?: { readonly [workflow: string]: string };
  /** `run-1` without it; also the root's. */
  readonly runId?: string;
}

/** Ports over a fake world, with what a test asks of them. */
export interface FakePorts extends Ports {
  readonly frame: RunFrame;
  /** Every write that was asked for, in order. */
  readonly requests: EffectRequest[];
  visits(): number;
}

/** Ports for one process driving one run. */
export function createFakePorts(world: FakeWorld, options: FakeRunOptions = {}): FakePorts {
  const phase = options.phase ?? "run";
  const requests: EffectRequest[] = [];
  let visits = 0;
  let checkpoints = 0;
  const visit = (): void => {
    visits += 1;
    if (options.diesAt !== undefined && visits >= options.diesAt) throw new OffstageError("LEASE_LOST", "The process died.");
  };
  const seen = new Set<string>();
  return {
    requests,
    visits: () => visits,
    frame: { runId: options.runId ?? "run-1", rootRunId: options.runId ?? "run-1", scope: options.scope ?? "test", scopes: options.scopes ?? {}, phase, startedAt: world.now, inputs: options.inputs ?? { any: "" }, event: { kind: "call" }, sweep: null },
    journal: fakeJournal(world, visit, seen),
    tools: {
      classify: (server, name) => classOf(world.tool(server, name)),
      paging: (server, name) => world.tool(server, name).paging ?? ONE_PAGE,
    },
    ...answeringPorts(world, visit),
    effects: world.ledger.port({ phase, requests, visit, holds: options.holds ?? (() => false), refuses: options.refuses ?? (() => false) }),
    states: {
      async get(scope, name, key) {
        visit();
        return world.states.get(`${scope === "test" ? "" : `${scope}:`}${name}/${key}`) ?? { value: undefined, version: 0 };
      },
    },
    waits: world.waits.port(world, visit),
    conforms: conformanceFaults,
    log: (_, text) => world.logs.push(text),
    checkpoint() {
      checkpoints += 1;
      if (options.cancelsAt !== undefined && checkpoints >= options.cancelsAt) throw new OffstageError("CANCELLED", "The run was cancelled.");
    },
  };
}

/** What only answers: tools that read, resources and prompts (`resource`, `prompt`), models (`ask`). Each is a tool of the world. */
function answeringPorts(world: FakeWorld, visit: () => void): Pick<Ports, "reads" | "models" | "own"> {
  const answer = async (step: string, name: string, tool: FakeTool, args: Data): Promise<ReadAnswer> => {
    visit();
    if (tool.effect === "write") throw new OffstageError("BUG", `${name} is a write and was read.`);
    world.calls.push({ step, tool: name, args });
    const answered = await answerRead(world, tool, args);
    visit();
    return answered;
  };
  return {
    reads: {
      read: ({ step, server, tool, args }) => answer(step, tool, world.tool(server, tool), args),
      readOffer: ({ step, server, offer }) => answer(step, offer.kind, world.tool(server, offer.kind), { ...offer }),
    },
    own: { call: ({ step, module, name, args }) => answer(step, name, world.tool(module, name), [...args] as Data) },
    models: { ask: ({ step, prompt, model, maxTokens }) => answer(step, "ask", world.tool("model", "ask"), { prompt, model, maxTokens }) },
  };
}

const ONE_PAGE: Paging = { max: 1, first: (args) => args, next: () => null, items: (result) => result as readonly Value[], more: () => false };

function classOf(tool: FakeTool): CallClass {
  return { effect: tool.effect, idempotent: tool.idempotent ?? false, consistent: tool.consistent ?? false, lagMs: tool.lagMs ?? null, affects: tool.affects ?? [], undo: null };
}

async function answerRead(world: FakeWorld, tool: FakeTool, args: Data): Promise<ReadAnswer> {
  const gone = tool.gone?.(args) ?? false;
  try {
    return { kind: "value", value: (await tool.answer?.(args, world)) ?? null, gone };
  } catch (error) {
    return { kind: "error", error: { code: "READ_FAILED", message: (error as Error).message }, gone };
  }
}

/** A journal that survives its process; a key asked twice by one process is a fault of the engine. */
function fakeJournal(world: FakeWorld, visit: () => void, seen: Set<string>): Ports["journal"] {
  const { journal } = world;
  const once = (key: string): void => {
    if (seen.has(key)) throw new Error(`The step key ${key} is used twice.`);
    seen.add(key);
  };
  return {
    async once(key, hash, perform) {
      once(key);
      const row = journal.get(key);
      if (row !== undefined) {
        if (row.hash !== hash) throw new OffstageError("JOURNAL_MISMATCH", `${key} asks something else.`);
        return decodeValue(row.value) as Value;
      }
      const value = await perform();
      visit();
      journal.set(key, { hash, value: encodeValue(value) });
      return value;
    },
    now(key) {
      const row = journal.get(key);
      if (row !== undefined) return Number(row.value);
      journal.set(key, { hash: "", value: String(world.now) });
      return world.now;
    },
    compacted(key) {
      const row = journal.get(`${key}=`);
      return row === undefined ? undefined : (decodeValue(row.value) as unknown as CompactedItem);
    },
    async compact(key, item) {
      visit();
      for (const other of journal.keys()) if (other.startsWith(`${key}/`)) journal.delete(other);
      journal.set(`${key}=`, { hash: "", value: encodeValue(item) });
    },
  };
}

/** Commits what a run staged, as a host does when the run ended well. */
export function commitStaged(world: FakeWorld, staged: readonly StagedState[]): void {
  for (const { scope, name, key, value, version } of staged) world.states.set(`${scope === undefined ? "" : `${scope}:`}${name}/${key}`, { value, version: version + 1 });
}
