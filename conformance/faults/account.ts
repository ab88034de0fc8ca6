import Database from "better-sqlite3";
import type { Binding, LedgerEntry, Run } from "offstage/model";
import type { Store } from "offstage/state";
import { judgeLoad } from "../resilience/verdict.ts";
import type { Shop } from "./shop-project.ts";
import { textsOf } from "./shop-workflows.ts";

/** What came of all that was accepted. Each is a list of sentences; what is in doubt was told, and is no fault. */
export interface Account {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly stuck: readonly string[];
  /** Anything else that must not be: the ledger or the bindings say something else than the servers. */
  readonly wrong: readonly string[];
  readonly events: number;
  readonly writes: number;
  readonly inDoubt: number;
}

const ALL = 1_000_000;

interface Contents {
  readonly runs: readonly Run[];
  readonly effects: readonly LedgerEntry[];
  readonly bindings: readonly Binding[];
  readonly total: number;
  readonly waiting: number;
}

/** Reads all that an account is made of. */
export async function readContents(store: Store): Promise<Contents> {
  return store.transact({ durable: false, reads: true }, async (tx) => ({
    runs: await tx.listRuns({ limit: ALL }),
    effects: (await tx.listEffects({ limit: ALL })).filter(({ identity }) => identity.kind === "once" || identity.kind === "record"),
    bindings: await tx.listBindings({ limit: ALL }),
    total: Number((await tx.getState("count", "total", ""))?.value ?? 0),
    waiting: (await tx.tally()).arrivals.reduce((sum, { count }) => sum + count, 0),
  }));
}

/** What has not come to rest: runs, and events that wait to start one. */
export function unsettled({ runs, waiting }: Pick<Contents, "runs" | "waiting">): readonly string[] {
  return [...runs.filter(({ status }) => status === "queued" || status === "running" || status === "parked").map(({ id, workflow, status, waits }) => `run ${id} of ${workflow} is ${status}${waits.map(({ label }) => `, waits for ${label}`).join("")}`), ...(waiting > 0 ? [`${waiting} events wait`] : [])];
}

/** Compares what was accepted with what the store and the servers have. */
export function drawAccount(shop: Shop, accepted: ReadonlySet<number>, contents: Contents): Account {
  const made = shop.made();
  const told = new Set(contents.runs.flatMap(({ ambiguous }) => ambiguous.map(({ effect }) => effect)));
  const isOpen = ({ status }: LedgerEntry): boolean => status === "ambiguous" || status === "intended";
  // What was under way at a kill stays intended, and its run says that nobody knows of it.
  const ledger = contents.effects.map((entry): LedgerEntry => (entry.status === "intended" && told.has(entry.id) ? { ...entry, status: "ambiguous" } : entry));
  const { faults } = judgeLoad({ ledger, made });
  const untold = contents.effects.filter((entry) => isOpen(entry) && !told.has(entry.id)).map(({ id, step, status }) => `no run says that ${id.slice(0, 12)} (${step}) is ${status}`);
  const isDoubled = (fault: string): boolean => /was made \d+ times/.test(fault);
  return {
    lost: [...lostEvents(accepted, contents.runs), ...lostWrites(contents, made)],
    doubled: [...faults.filter(isDoubled), ...doubledEvents(contents.runs)],
    stuck: unsettled(contents),
    wrong: [...faults.filter((fault) => !isDoubled(fault)), ...untold, ...wrongBindings(contents, made), ...wrongTotal(contents), ...brokenFile(shop)],
    events: accepted.size,
    writes: [...made.values()].reduce((sum, times) => sum + times, 0),
    inDoubt: contents.effects.filter(isOpen).length,
  };
}

function numberOf({ event }: Run): number | null {
  return event.kind === "webhook" ? Number((event.body as { readonly n: number }).n) : null;
}

/** Chains of runs that events of a workflow started, by number: a run and what continued it are one. */
function chainsOf(runs: readonly Run[], workflow: string): ReadonlyMap<number, ReadonlyMap<string, readonly Run[]>> {
  const chains = new Map<number, Map<string, Run[]>>();
  for (const run of runs.filter((one) => one.workflow === workflow)) {
    const n = numberOf(run);
    if (n === null) continue;
    const ofNumber = chains.get(n) ?? new Map<string, Run[]>();
    chains.set(n, ofNumber.set(run.rootRunId, [...(ofNumber.get(run.rootRunId) ?? []), run]));
  }
  return chains;
}

function lostEvents(accepted: ReadonlySet<number>, runs: readonly Run[]): readonly string[] {
  const [hear, count] = [chainsOf(runs, "hear"), chainsOf(runs, "count")];
  const without = [...accepted].flatMap((n) => [...(hear.has(n) ? [] : [`event ${n} started no run of hear`]), ...(n % 10 !== 1 || count.has(n) ? [] : [`event ${n} started no run of count`])]);
  const failed = [...hear, ...count].flatMap(([n, ofNumber]) => [...ofNumber.values()].flatMap((chain) => (chain.some(({ status }) => status === "succeeded" || status === "needs-attention") ? [] : [`event ${n}: ${chain.map(({ id, status, error }) => `${id} ${status} ${error?.message ?? ""}`).join("; ")}`])));
  return [...without, ...failed];
}

function doubledEvents(runs: readonly Run[]): readonly string[] {
  const twice = ["hear", "count"].flatMap((workflow) => [...chainsOf(runs, workflow)].flatMap(([n, chains]) => (chains.size > 1 ? [`event ${n} started ${chains.size} runs of ${workflow}`] : [])));
  const times = runs.flatMap(({ event }) => (event.kind === "schedule" ? [event.at] : []));
  const roots = new Set(runs.flatMap(({ event, rootRunId }) => (event.kind === "schedule" ? [`${event.at} ${rootRunId}`] : [])));
  return [...twice, ...(roots.size > new Set(times).size ? ["a time of the clock started two runs"] : [])];
}

/** What a run that succeeded says that it did. */
function lostWrites({ runs }: Contents, made: ReadonlyMap<string, number>): readonly string[] {
  return runs.filter(({ status }) => status === "succeeded").flatMap((run) => {
    const n = numberOf(run);
    const texts = run.event.kind === "schedule" ? [`beat ${run.event.at}`] : run.workflow === "child" ? [`child ${Number(run.inputs["n"])}`] : n === null ? [] : run.workflow === "count" ? [`count ${n}`] : textsOf(n);
    return texts.filter((text) => !made.has(text)).map((text) => `run ${run.id} of ${run.workflow} succeeded without ${text}`);
  });
}

function wrongBindings({ bindings, effects }: Contents, made: ReadonlyMap<string, number>): readonly string[] {
  const unmade = bindings.filter(({ kept }) => !made.has((kept as { readonly text: string }).text)).map(({ key }) => `${key} is bound to what was never made`);
  const bound = new Set(bindings.map(({ key }) => key));
  const open = new Set(effects.flatMap(({ identity, status }) => (identity.kind === "record" && (status === "ambiguous" || status === "intended") ? [identity.key] : [])));
  return [...unmade, ...[...made.keys()].filter((text) => text.startsWith("note ") && !bound.has(text) && !open.has(text)).map((text) => `${text} was made and is not bound`)];
}

function wrongTotal({ runs, total }: Contents): readonly string[] {
  const counted = runs.filter(({ workflow, status }) => workflow === "count" && status === "succeeded").length;
  return counted === total ? [] : [`the state counts ${total}, and ${counted} runs of count succeeded`];
}

function brokenFile({ storeFile }: Shop): readonly string[] {
  if (storeFile === null) return [];
  const database = new Database(storeFile, { readonly: true });
  try {
    const found = database.pragma("integrity_check", { simple: true });
    return found === "ok" ? [] : [`integrity_check: ${String(found)}`];
  } finally {
    database.close();
  }
}
