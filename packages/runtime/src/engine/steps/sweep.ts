import type { Binding, RecordKey, Swept } from "../../model/index.ts";
import { missedBy, type Sweep } from "../../records/index.ts";
import { typeError } from "../failure.ts";
import { call, Closure } from "../functions.ts";
import { article } from "../kinds.ts";
import type { Probe, Strand } from "../strand.ts";
import { weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { type Branch, runBranches } from "./branches.ts";
import { Keeper } from "./ensure.ts";
import { itemSegment } from "./keys.ts";
import { noteLost, visitName } from "../sweep-notes.ts";
import { type CompiledRecord, RecordCalls, recordContext } from "./record-calls.ts";
import { withProbe } from "./within.ts";

/** What a sweep found, and the bindings whose absence counts once the run has ended well. */
export interface SweepEnd {
  readonly swept: Swept;
  readonly missed: readonly RecordKey[];
}

/** The end of a sweep whose body came to its own: releases the orphans of the run's own records, each on its own. */
export async function sweepRecords(c: Strand, covered: Pick<Sweep, "workflows" | "inputsHash">, records: readonly CompiledRecord[]): Promise<SweepEnd> {
  const { frame, sweep } = c.run;
  if (c.exits.length > 0) noteLost(c, "the workflow may have ended early: what it went by is known only when what is held was made");
  if (c.missedRead) noteLost(c, "the workflow caught that something could not be read");
  if (c.missedRecord) noteLost(c, "the workflow caught that a record could not be kept");
  const live = await liveBindings(c, records);
  const looked: Sweep = { ...covered, since: frame.startedAt, counts: frame.runId === frame.rootRunId };
  const { missed, orphans } = missedBy(looked, live, (key) => sweep?.visited.has(visitName(key)) === true);
  const byName = new Map(records.map((record) => [record.name, record]));
  const ours = missed.filter(({ record }) => byName.has(record));
  const strange: Record<string, number> = {};
  for (const { record } of missed) if (!byName.has(record)) strange[record] = (strange[record] ?? 0) + 1;
  const lost = sweep?.lost ?? null;
  const found = { lost, missed: ours.length, strange, ...(records.length === 0 ? { recordless: true as const } : {}) };
  if (lost !== null) return { swept: { ...found, orphans: 0 }, missed: [] };
  const due = orphans.filter(({ record }) => byName.has(record));
  await runBranches(c, due.map((binding) => releaseOf(binding, byName.get(binding.record) as CompiledRecord, looked.since)), { width: 1, onError: "continue" });
  return { swept: { ...found, orphans: due.length }, missed: looked.counts ? ours.map(({ scope, record, key }) => ({ scope, record, key })) : [] };
}

async function liveBindings(c: Strand, records: readonly CompiledRecord[]): Promise<readonly Binding[]> {
  const { effects } = c.run.ports;
  const shared = records.filter(({ scope }) => scope === "project").map(({ name }) => name);
  const own = await effects.bindings(c.module.scope, null);
  const lists = await Promise.all(shared.map((name) => effects.bindings("project", name)));
  return [own, ...lists].flat().filter(({ releasedAt }) => releasedAt === null);
}

/** `since`: when the sweep began. */
function releaseOf(binding: Binding, record: CompiledRecord, since: number): Branch {
  const segment = itemSegment(`sweep.${record.name}`, binding.key);
  return {
    segment, unknown: null,
    async run(c) {
      const step = `${c.path}release`;
      const { scope, key, kept, lastSeenAt } = binding;
      // No item is at hand: callbacks that would need one see it as not known.
      const calls = new RecordCalls(c, step, record, { scope, record: record.name, key }, new Unknown([]));
      if (record.releaseAfterMs !== null && c.run.ports.journal.now(`${step}/now`) < lastSeenAt + record.releaseAfterMs) return undefined;
      const wished = record.releaseWhen === null || (await wantsRelease(c, step, record, kept));
      // What is not known yet releases nothing; a plan shows what it may come to.
      if (wished === false || (wished instanceof Unknown && c.run.frame.phase !== "plan")) return undefined;
      if (await wasSeen(c, calls, since)) return undefined;
      if (wished instanceof Unknown) c.mode = weaken(c.mode, wished.from);
      await new Keeper(c, step, calls).release();
      return undefined;
    },
  };
}

/** Another run came to it while the sweep went on: it occurs. Asked last, right before it would be released. */
async function wasSeen(c: Strand, { key, record }: RecordCalls, since: number): Promise<boolean> {
  const { binding } = await c.run.ports.effects.record(key, record.server);
  return binding !== null && binding.lastSeenAt >= since;
}

/** Asks `releaseWhen`, live. */
async function wantsRelease(c: Strand, step: string, record: CompiledRecord, kept: Value): Promise<boolean | Unknown> {
  const probe: Probe = { gone: false, classes: [] };
  const answer = await withProbe(c, `${step}/releaseWhen/`, probe, () => call(new Closure(record.releaseWhen as NonNullable<CompiledRecord["releaseWhen"]>, undefined), c, [kept, recordContext(c)]));
  if (answer instanceof Unknown) return answer;
  if (typeof answer !== "boolean") throw typeError(`releaseWhen of record ${record.name} must give a boolean, not ${article(answer)}.`);
  return answer;
}
