import { type Json, OffstageError } from "../base/index.ts";
import type { ApprovalRequest, Arrival, Binding, LedgerEntry, RecordKey, Run, Wait } from "../model/index.ts";
import type { Program } from "../program/index.ts";
import type { EventOffer, JournalRow, Lease, MetaName, PlanRow, RetentionTx, Store, StoreTx, TransactOptions } from "../state/index.ts";

/**
 * A store in memory that keeps what the real ones promise: one transaction at a time, all of it or nothing, fenced. It
 * outlives the "process" that uses it: two users of one object are two processes of one store. `onEffect` sees each row of an effect that is put.
 */
export function createMemoryStore(id = "memory", onEffect: (entry: LedgerEntry) => void = () => undefined): Store {
  const transact = createRunner(createTables(), onEffect);
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    id,
    transact<T>(options: TransactOptions, body: (tx: StoreTx) => Promise<T>): Promise<T> {
      const mine = turn.then(() => {
        if (closed) throw new OffstageError("STORE_UNAVAILABLE", "The store was closed already.");
        return transact(options, body);
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      closed = true;
    },
  };
}

interface Tables {
  readonly runs: Map<string, Run>;
  readonly programs: Map<string, Program>;
  readonly journal: Map<string, Map<string, JournalRow>>;
  readonly effects: Map<string, LedgerEntry>;
  readonly bindings: Map<string, Binding>;
  readonly requests: Map<string, ApprovalRequest>;
  readonly waits: Map<string, Wait>;
  /** In the order in which they came. */
  readonly eventIds: Map<string, { readonly runId: string }>;
  readonly events: Map<string, EventOffer & { readonly place: number; readonly cleared: boolean }>;
  readonly arrivals: Map<string, Arrival>;
  readonly schedules: Map<string, number>;
  readonly plans: Map<string, PlanRow>;
  readonly blobs: Map<string, Uint8Array>;
  readonly states: Map<string, { readonly value: string; readonly version: number }>;
  readonly scopes: Map<string, string>;
  /** `lease`, `fence`. */
  readonly leases: Map<string, Lease | number>;
  readonly meta: Map<string, Json>;
  readonly lanes: Map<string, Json>;
}

function createTables(): Tables {
  return { runs: new Map(), programs: new Map(), journal: new Map(), effects: new Map(), bindings: new Map(), requests: new Map(), waits: new Map(), events: new Map(), eventIds: new Map(), arrivals: new Map(), schedules: new Map(), plans: new Map(), blobs: new Map(), states: new Map(), scopes: new Map(), leases: new Map(), meta: new Map(), lanes: new Map() };
}

/** Runs transactions one after the other. Statements are made once for a store, and what guards them once for all: models of the records run millions of transactions. */
function createRunner(tables: Tables, onEffect: (entry: LedgerEntry) => void): <T>(options: TransactOptions, body: (tx: StoreTx) => Promise<T>) => Promise<T> {
  const undo: (() => void)[] = [];
  const statements = createTx(tables, undo, onEffect);
  return async (options, body) => {
    undo.length = 0;
    const tx = new GuardedTx(statements);
    try {
      const lease = tables.leases.get("lease");
      if (options.fence !== undefined && (typeof lease !== "object" || lease.fence !== options.fence)) throw new OffstageError("LEASE_LOST", "Another process took the store over.");
      const result = await body(tx as unknown as StoreTx);
      tx.state.ended = true;
      if (tx.state.failure !== null) throw tx.state.failure.error;
      return result;
    } catch (error) {
      tx.state.ended = true;
      for (const step of undo.toReversed()) step();
      throw error;
    }
  };
}

/** A transaction: dead when it has ended; one in which a statement failed does not commit, should its body have caught the error. */
class GuardedTx {
  readonly state: { ended: boolean; failure: { readonly error: unknown } | null } = { ended: false, failure: null };
  readonly statements: StoreTx;

  constructor(statements: StoreTx) {
    this.statements = statements;
  }
}

for (const name of Object.keys(createTx(createTables(), [], () => undefined)) as (keyof StoreTx)[]) {
  Object.defineProperty(GuardedTx.prototype, name, {
    writable: true,
    async value(this: GuardedTx, ...args: unknown[]): Promise<unknown> {
      if (this.state.ended) throw new OffstageError("BUG", "A transaction was used after it had ended: an await is missing.");
      try {
        return await (this.statements[name] as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        this.state.failure ??= { error };
        throw error;
      }
    },
  });
}

/** Sets or (with undefined) removes a row; a transaction that fails puts it back. */
function put<K, V>(table: Map<K, V>, key: K, value: V | undefined, undo: (() => void)[]): void {
  const had = table.has(key);
  const before = table.get(key) as V;
  undo.push(() => (had ? table.set(key, before) : table.delete(key)));
  if (value === undefined) table.delete(key);
  else table.set(key, value);
}

/** One name of several parts. Half a surrogate pair is refused, as databases do. */
function nameOf(...parts: readonly (string | number)[]): string {
  const broken = parts.find((part) => typeof part === "string" && !part.isWellFormed());
  if (broken !== undefined) throw new OffstageError("VALUE_INVALID", "A text holds half of a surrogate pair.");
  return JSON.stringify(parts);
}

const hasKey = (row: RecordKey, key: RecordKey): boolean => row.scope === key.scope && row.record === key.record && row.key === key.key;
/** What stands behind a row; all of them when it is not there. */
const behind = <T>(rows: T[], isLast: (row: T) => boolean): T[] => rows.slice(rows.findIndex(isLast) + 1);
const isGoing = ({ status }: Run): boolean => status === "queued" || status === "running" || status === "parked";
const oldestFirst = (runs: Run[]): Run[] => runs.toSorted((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id));
const newestFirst = <T>(rows: Iterable<T>, at: (row: T) => number): T[] => [...rows].toReversed().toSorted((a, b) => at(b) - at(a));

function createTx(tables: Tables, undo: (() => void)[], onEffect: (entry: LedgerEntry) => void): StoreTx {
  return { ...runRows(tables, undo), ...journalRows(tables, undo), ...effectRows(tables, undo, onEffect), ...bindingRows(tables, undo), ...requestRows(tables, undo), ...waitRows(tables, undo), ...eventRows(tables, undo), ...arrivalRows(tables, undo), ...factRows(tables, undo), ...tallyRows(tables), ...retentionRows() };
}

function runRows({ runs, programs, plans }: Tables, undo: (() => void)[]): Pick<StoreTx, "getRun" | "putRun" | "listRuns" | "begunRuns" | "countQueued" | "goingRun" | "getProgram" | "putProgram" | "getPlan" | "putPlan"> {
  return {
    getRun: async (id) => runs.get(id) ?? null,
    putRun: async (run) => put(runs, run.id, run, undo),
    listRuns: async ({ status, workflow, rootRunId, before, limit }) =>
      oldestFirst([...runs.values()]).toReversed()
        .filter((run) => (status?.includes(run.status) ?? true) && (workflow === undefined || run.workflow === workflow) && (rootRunId === undefined || run.rootRunId === rootRunId))
        .filter((run) => before === undefined || run.createdAt < before.createdAt || (run.createdAt === before.createdAt && run.id < before.id))
        .slice(0, limit),
    begunRuns: async (limit) => oldestFirst([...runs.values()].filter(({ status }) => status === "queued" || status === "running")).slice(0, limit),
    countQueued: async (limit, wanted) => [...runs.values()].filter(({ status, phase }) => status === "queued" && (wanted ?? phase) === phase).slice(0, limit).length,
    goingRun: async (workflow, turn) => [...runs.values()].find((run) => run.workflow === workflow && run.turn === turn && isGoing(run))?.id ?? null,
    getProgram: async (hash) => programs.get(hash) ?? null,
    putProgram: async (hash, program) => put(programs, hash, program, undo),
    getPlan: async (id) => plans.get(id) ?? null,
    putPlan: async (row) => put(plans, row.plan.id, row, undo),
  };
}

function journalRows({ journal }: Tables, undo: (() => void)[]): Pick<StoreTx, "loadJournal" | "appendJournal" | "clearJournal"> {
  const change = (runId: string, edit: (rows: Map<string, JournalRow>) => void): void => {
    const rows = new Map(journal.get(runId));
    edit(rows);
    put(journal, runId, rows, undo);
  };
  return {
    loadJournal: async (runId) => [...(journal.get(runId)?.values() ?? [])],
    appendJournal: async (runId, added) => change(runId, (rows) => added.forEach((row) => rows.set(row.key, row))),
    clearJournal: async (runId, key) => change(runId, (rows) => [...rows.keys()].filter((other) => other === key || other.startsWith(`${key}/`)).forEach((other) => rows.delete(other))),
  };
}

function effectRows({ effects, runs }: Tables, undo: (() => void)[], onEffect: (entry: LedgerEntry) => void): Pick<StoreTx, "getEffect" | "putEffect" | "completeEffect" | "listEffects" | "countWrites" | "lastEffectOf"> {
  return {
    getEffect: async (id) => effects.get(id) ?? null,
    async putEffect(entry, expected) {
      const current = effects.get(entry.id) ?? null;
      const same = current === null || expected === null ? current === expected : current.status === expected.status && current.attempt === expected.attempt && current.fence === expected.fence;
      if (!same) return false;
      put(effects, entry.id, entry, undo);
      onEffect(entry);
      return true;
    },
    async completeEffect(id, completion) {
      const current = effects.get(id);
      if (current?.status === "done" && current.completion === null) put(effects, id, { ...current, completion }, undo);
    },
    listEffects: async ({ runId, rootRunId, status, before, limit }) =>
      behind(newestFirst(effects.values(), (entry) => entry.intendedAt), (entry) => entry.id === before?.id)
        .filter((entry) => (runId === undefined || entry.runId === runId) && (rootRunId === undefined || entry.rootRunId === rootRunId) && (status?.includes(entry.status) ?? true))
        .slice(0, limit),
    async countWrites({ since, besides, workflows, server, tool, most }) {
      const counted = [...effects.values()].filter((entry) => entry.intendedAt >= since && entry.tool !== null && entry.status !== "failed" && entry.id !== besides && (workflows === undefined || workflows.includes(runs.get(entry.runId)?.workflow ?? "")) && (server ?? entry.server) === entry.server && (tool ?? entry.tool) === entry.tool);
      return Math.min(most, counted.length);
    },
    async lastEffectOf(key) {
      const place = ({ identity }: LedgerEntry): number => (identity.kind === "record" ? identity.generation * 1e6 + identity.revision : 0);
      const rows = [...effects.values()].filter(({ identity }) => identity.kind === "record" && hasKey(identity, key));
      return newestFirst(rows.toSorted((a, b) => place(a) - place(b)), (entry) => entry.intendedAt)[0] ?? null;
    },
  };
}

function bindingRows({ bindings }: Tables, undo: (() => void)[]): Pick<StoreTx, "getBinding" | "putBinding" | "listBindings" | "countBindings" | "bindingOfTarget"> {
  const rowName = ({ scope, record, key, generation }: Binding): string => nameOf(scope, record, key, generation);
  const all = (): Binding[] => [...bindings.values()].toSorted((a, b) => compare(a.scope, b.scope) || compare(a.record, b.record) || compare(a.key, b.key) || a.generation - b.generation);
  const live = (scope: string, record: string): Binding[] => all().filter((row) => row.scope === scope && row.record === record && row.releasedAt === null);
  return {
    getBinding: async (key) => all().findLast((row) => hasKey(row, key)) ?? null,
    async putBinding(binding) {
      for (const row of all()) if (hasKey(row, binding) && row.generation < binding.generation && row.releasedAt === null) put(bindings, rowName(row), { ...row, releasedAt: binding.boundAt }, undo);
      const other = live(binding.scope, binding.record).find((row) => row.targetKey === binding.targetKey && !hasKey(row, binding));
      if (other !== undefined && binding.releasedAt === null) throw new OffstageError("BUG", `The target of ${binding.key} is bound to ${other.key}.`);
      put(bindings, rowName(binding), binding, undo);
    },
    listBindings: async ({ scope, record, key, live: isLive, after, limit }) =>
      behind(all(), (row) => after !== undefined && hasKey(row, after) && row.generation === after.generation)
        .filter((row) => (scope === undefined || row.scope === scope) && (record === undefined || row.record === record) && (key === undefined || row.key === key) && (isLive === undefined || isLive === (row.releasedAt === null)))
        .slice(0, limit),
    countBindings: async (scope, record) => live(scope, record).length,
    bindingOfTarget: async (scope, record, targetKey) => live(scope, record).find((row) => row.targetKey === targetKey) ?? null,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function requestRows({ requests }: Tables, undo: (() => void)[]): Pick<StoreTx, "getRequest" | "requestsOf" | "owedRequests" | "putRequest" | "listRequests"> {
  const all = (): ApprovalRequest[] => newestFirst([...requests.values()].toSorted((a, b) => compare(a.id, b.id)), (request) => request.openedAt);
  return {
    getRequest: async (id) => requests.get(id) ?? null,
    requestsOf: async (effect) => all().filter((request) => request.effect === effect && ["open", "approved", "denied"].includes(request.status)),
    owedRequests: async (rootRunId) => all().filter((request) => request.rootRunId === rootRunId && request.status === "approved" && request.continuedBy === null),
    async putRequest(request) {
      if (request.status === "open" && all().some((other) => other.effect === request.effect && other.status === "open" && other.id !== request.id)) throw new OffstageError("BUG", `There is an open request of ${request.effect}.`);
      put(requests, request.id, request, undo);
    },
    listRequests: async ({ status, limit }) => all().filter((request) => status?.includes(request.status) ?? true).slice(0, limit),
  };
}

function waitRows({ waits, events, runs }: Tables, undo: (() => void)[]): Pick<StoreTx, "getWait" | "putWait" | "removeWait" | "listWaits" | "waitsOf" | "openTopics" | "dueRuns" | "nextWake"> {
  const isParked = (runId: string): boolean => runs.get(runId)?.status === "parked";
  return {
    getWait: async (runId, step) => waits.get(nameOf(runId, step)) ?? null,
    putWait: async (wait) => put(waits, nameOf(wait.runId, wait.step), wait, undo),
    async removeWait(runId, step) {
      put(waits, nameOf(runId, step), undefined, undo);
      for (const [name, event] of events) if (event.runId === runId && event.step === step) put(events, name, undefined, undo);
    },
    waitsOf: async (runId) => newestFirst([...waits.values()].toSorted((a, b) => compare(a.id, b.id)), (wait) => wait.since).filter((wait) => wait.runId === runId),
    listWaits: async ({ runId, kind, topic, status, limit }) =>
      newestFirst([...waits.values()].toSorted((a, b) => compare(a.id, b.id)), (wait) => wait.since)
        .filter((wait) => (runId === undefined || wait.runId === runId) && (kind === undefined || wait.kind === kind) && (topic === undefined || ("topic" in wait && wait.topic === topic)) && (status?.includes(wait.status) ?? true))
        .slice(0, limit),
    openTopics: async () => [...new Set([...waits.values()].flatMap((wait) => (wait.kind === "event" && wait.status !== "over" ? [wait.topic] : [])))].toSorted(),
    async dueRuns(now, limit) {
      const due = new Set([...waits.values()].filter((wait) => wait.status === "ready" || (wait.status === "open" && wait.until !== null && wait.until <= now)).map((wait) => wait.runId));
      const rows = [...runs.values()].filter((run) => due.has(run.id) && isParked(run.id));
      return oldestFirst(rows).slice(0, limit);
    },
    async nextWake() {
      const instants = [...waits.values()].flatMap((wait) => (wait.status === "open" && wait.until !== null && isParked(wait.runId) ? [wait.until] : []));
      return instants.length === 0 ? null : Math.min(...instants);
    },
  };
}

function eventRows({ events, eventIds, meta }: Tables, undo: (() => void)[]): Pick<StoreTx, "offerEvent" | "rememberEvent" | "forgetEvents" | "nextEvent" | "clearEvents"> {
  const of = (runId: string, step: string): readonly (readonly [string, EventOffer & { readonly place: number; readonly cleared: boolean }])[] => [...events].filter(([, event]) => event.runId === runId && event.step === step);
  return {
    async offerEvent(offer) {
      const name = nameOf(offer.runId, offer.step, offer.id);
      if (events.has(name)) return false;
      const place = Number(meta.get("events") ?? 0) + 1;
      put(meta, "events", place, undo);
      put(events, name, { ...offer, place, cleared: false }, undo);
      return true;
    },
    async rememberEvent(runId, topic, id) {
      const name = nameOf(runId, topic, id);
      if (eventIds.has(name)) return false;
      put(eventIds, name, { runId }, undo);
      return true;
    },
    async forgetEvents(runId) {
      for (const [name, known] of eventIds) if (known.runId === runId) put(eventIds, name, undefined, undo);
    },
    async nextEvent(runId, step, place) {
      const next = of(runId, step).find(([, event]) => event.place > place)?.[1];
      return next === undefined ? null : { place: next.place, event: next.event };
    },
    async clearEvents(runId, step, place) {
      for (const [name, event] of of(runId, step)) if (event.place <= place && !event.cleared) put(events, name, { ...event, event: null, cleared: true }, undo);
    },
  };
}

function arrivalRows({ arrivals, schedules, runs }: Tables, undo: (() => void)[]): Pick<StoreTx, "addArrival" | "getArrival" | "arrivalOf" | "putArrival" | "admissibleArrivals" | "countWaitingArrivals" | "getSchedule" | "putSchedule"> {
  const nameIt = ({ workflow, trigger, id }: Arrival): string => nameOf(workflow, trigger, id);
  return {
    getArrival: async (workflow, trigger, id) => arrivals.get(nameOf(workflow, trigger, id)) ?? null,
    arrivalOf: async (runId) => [...arrivals.values()].find((one) => one.runId === runId) ?? null,
    async addArrival(arrival) {
      if (arrivals.has(nameIt(arrival))) return false;
      put(arrivals, nameIt(arrival), arrival, undo);
      return true;
    },
    putArrival: async (arrival) => put(arrivals, nameIt(arrival), arrival, undo),
    async admissibleArrivals({ workflows, now, starts, limit }) {
      const due = [...arrivals.values()].filter(({ status, workflow, dueAt }) => status === "waiting" && workflows.includes(workflow) && dueAt <= now);
      const firsts = new Map<string, Arrival>();
      for (const arrival of due) if (!firsts.has(nameOf(arrival.workflow, arrival.key))) firsts.set(nameOf(arrival.workflow, arrival.key), arrival);
      const free = [...firsts.values()].filter(({ workflow, key }) => ![...runs.values()].some((run) => run.workflow === workflow && run.turn === key && isGoing(run))).slice(0, starts);
      const last = free.length < starts ? Infinity : due.indexOf(free.at(-1) as Arrival);
      const unsteady = due.filter(({ overlap, each }) => overlap !== "queue" || !each).slice(0, limit).filter((arrival) => due.indexOf(arrival) <= last);
      return due.filter((arrival) => free.includes(arrival) || unsteady.includes(arrival));
    },
    countWaitingArrivals: async ({ workflows, limit }) => Math.min(limit, [...arrivals.values()].filter(({ status, workflow }) => status === "waiting" && workflows.includes(workflow)).length),
    getSchedule: async (workflow, trigger) => schedules.get(nameOf(workflow, trigger)) ?? null,
    putSchedule: async (workflow, trigger, seenUntil) => put(schedules, nameOf(workflow, trigger), seenUntil, undo),
  };
}

function tallyRows({ runs, arrivals, requests, waits }: Tables): Pick<StoreTx, "tally"> {
  return {
    async tally() {
      const going = [...runs.values()].filter(({ status }) => ["queued", "running", "parked"].includes(status));
      const byBoth = Map.groupBy(going, ({ workflow, status }) => nameOf(workflow, status));
      const waiting = Map.groupBy([...arrivals.values()].filter(({ status }) => status === "waiting"), ({ workflow }) => workflow);
      const inOrder = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1);
      return {
        runs: [...byBoth].toSorted(inOrder).map(([, same]) => ({ workflow: same[0]?.workflow ?? "", status: same[0]?.status ?? "queued", count: same.length })),
        arrivals: [...waiting].toSorted(inOrder).map(([workflow, same]) => ({ workflow, count: same.length, firstDueAt: Math.min(...same.map(({ dueAt }) => dueAt)) })),
        requests: [...requests.values()].filter(({ status }) => status === "open").length,
        questions: [...waits.values()].filter(({ kind, status }) => kind === "approval" && status === "open").length,
      };
    },
  };
}

/** It ends with its process, and forgets nothing before. */
function retentionRows(): RetentionTx {
  const refuse = (): Promise<never> => Promise.reject(new OffstageError("BUG", "A store in memory removes nothing."));
  return { oldChains: refuse, removeChains: refuse, removeLeavings: refuse, removeArrivals: refuse, removeWindows: refuse, removePrograms: refuse, oldBlobs: refuse, namedBlobs: refuse, removeBlobs: refuse };
}

const META_DEFAULTS: { readonly [K in MetaName]: Json } = { epoch: 1, paused: [], "restored-at": null, "doubt-ended": null, "removed-until": null };

function factRows({ blobs, states, scopes, leases, meta, lanes }: Tables, undo: (() => void)[]): Pick<StoreTx, "getLane" | "putLane" | "getBlob" | "putBlob" | "getState" | "putState" | "getScope" | "putScope" | "getLease" | "putLease" | "nextFence" | "getMeta" | "putMeta"> {
  return {
    getLane: async (credential) => ({ lane: lanes.get(credential) ?? null, now: Date.now() }),
    putLane: async (credential, lane) => put(lanes, credential, lane, undo),
    getBlob: async (hash) => blobs.get(hash) ?? null,
    putBlob: async (hash, bytes) => (blobs.has(hash) ? undefined : put(blobs, hash, bytes, undo)),
    getState: async (scope, name, key) => states.get(nameOf(scope, name, key)) ?? null,
    async putState(scope, name, key, value, expected) {
      const before = states.get(nameOf(scope, name, key))?.version ?? 0;
      if (before !== expected) return false;
      put(states, nameOf(scope, name, key), { value, version: before + 1 }, undo);
      return true;
    },
    getScope: async (workflow) => scopes.get(workflow) ?? null,
    putScope: async (workflow, scope) => put(scopes, workflow, scope, undo),
    async getLease() {
      const lease = leases.get("lease");
      return typeof lease === "object" ? lease : null;
    },
    putLease: async (lease) => put(leases, "lease", lease ?? undefined, undo),
    async nextFence() {
      const next = Number(leases.get("fence") ?? 0) + 1;
      put(leases, "fence", next, undo);
      return next;
    },
    getMeta: async (name) => meta.get(name) ?? META_DEFAULTS[name],
    putMeta: async (name, value) => put(meta, name, value, undo),
  };
}
