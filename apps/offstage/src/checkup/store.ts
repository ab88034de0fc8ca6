import { existsSync } from "node:fs";
import type { ApprovalRequest } from "offstage/model";
import { type Lease, pausedNames, type RestoreDoubt, restoreDoubt, type StoreTx, type Tally } from "offstage/state";
import type { CommandIo } from "../command-io.ts";
import { withStore } from "../compose-store.ts";
import { counted } from "../output/counted.ts";
import type { Project } from "../project/load-project.ts";
import { type ApprovalParts, approverFinding } from "./approvers.ts";
import { checkClock, checkNewest } from "./clock.ts";
import { minuteOf, type NightFinding } from "./night-finding.ts";

/** What stands in a store at one moment, as far as a night depends on it. Instants in ms. */
export interface StoreFacts {
  /** The newest instant that it has; null: nothing happened yet. */
  readonly newest: number | null;
  /** As its database has the time. */
  readonly now: number;
  readonly paused: readonly string[];
  readonly doubt: RestoreDoubt | null;
  readonly requests: readonly ApprovalRequest[];
  /** Grants that no run goes on with yet. */
  readonly grants: readonly ApprovalRequest[];
  /** When questions of workflows are over unanswered. */
  readonly questionsUntil: readonly number[];
  readonly ambiguous: number;
  /** Begun, and at their end. */
  readonly attention: number;
  readonly begun: number;
  readonly arrivals: Tally["arrivals"];
  readonly lease: Lease | null;
}

/** Nothing is counted further. */
const MOST = 1000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const OLD_MS = 3 * DAY_MS;

/** Opens the project's store, which brings it to this version's schema, and looks at what stands in it. One in a file that is not there yet, and one elsewhere without `connects`, is left alone. */
export async function checkStoreState(project: Project, { clock }: Pick<CommandIo, "clock">, connects: boolean): Promise<readonly NightFinding[]> {
  const elsewhere = project.settings.store.postgres !== null;
  if (elsewhere ? !connects : !existsSync(project.settings.store.file)) return [];
  const facts = await withStore(project, (store) => store.transact({ durable: false, reads: true }, readFacts));
  const now = clock.now();
  return [{ about: "store", state: "fine", what: elsewhere ? "its database answers, and its tables are of this version" : "it opens, and its tables are of this version", hint: null }, ...(elsewhere ? checkClock(now, [{ whose: "the store's database", now: facts.now }]) : []), ...checkNewest(now, facts.newest), ...judgeStore(facts, now, project.settings)];
}

async function readFacts(tx: StoreTx): Promise<StoreFacts> {
  const [run] = await tx.listRuns({ limit: 1 });
  const [effect] = await tx.listEffects({ limit: 1 });
  const approved = await tx.listRequests({ status: ["approved"], limit: MOST });
  const questions = await tx.listWaits({ kind: "approval", status: ["open"], limit: MOST });
  const attention = await tx.listRuns({ status: ["needs-attention"], limit: MOST });
  const instants = [run?.createdAt, effect?.intendedAt].filter((instant) => instant !== undefined);
  return {
    newest: instants.length === 0 ? null : Math.max(...instants),
    now: (await tx.getLane("doctor")).now,
    paused: await pausedNames(tx), doubt: await restoreDoubt(tx),
    requests: await tx.listRequests({ status: ["open"], limit: MOST }), grants: approved.filter(({ continuedBy }) => continuedBy === null),
    questionsUntil: questions.flatMap(({ until }) => until ?? []),
    ambiguous: (await tx.listEffects({ status: ["ambiguous"], limit: MOST })).length, attention: attention.length,
    begun: (await tx.begunRuns(MOST)).length, arrivals: (await tx.tally()).arrivals, lease: await tx.getLease(),
  };
}

/** What of a store a night would stumble over. */
export function judgeStore(facts: StoreFacts, now: number, settings: ApprovalParts): readonly NightFinding[] {
  return [...held(facts), ...waiting(facts, now), ...requested(facts, now, settings)];
}

function held({ doubt, paused, ambiguous, attention }: StoreFacts): readonly NightFinding[] {
  const found: NightFinding[] = [];
  if (doubt !== null) found.push({ about: "store", state: "fails", what: `it was put back${doubt.restoredAt === null ? "" : ` at ${minuteOf(doubt.restoredAt)}`}, and what happened after its backup is not in it: writes that may have been made wait for a person`, hint: "Where nothing was written since the backup, say so: offstage resolve --nothing-lost" });
  for (const name of paused) found.push({ about: "pause", state: "warns", what: `${name === "*" ? "everything" : name.replace(":", " ")} is paused: writes of it are held`, hint: `When it may go on: offstage unpause ${name === "*" ? "all" : name}` });
  if (ambiguous > 0) found.push({ about: "runs", state: "fails", what: `of ${counted(ambiguous, "write", MOST)} nobody knows whether ${ambiguous === 1 ? "it" : "they"} happened`, hint: "`offstage resolve` lists them, and takes what you found out." });
  else if (attention > 0) found.push({ about: "runs", state: "warns", what: `${counted(attention, "run", MOST)} ended as needs-attention`, hint: "`offstage runs` lists them; what happened tells: offstage show RUN" });
  return found;
}

function waiting({ begun, arrivals, lease }: StoreFacts, now: number): readonly NightFinding[] {
  const events = arrivals.reduce((sum, { count }) => sum + count, 0);
  const due = Math.min(...arrivals.map(({ firstDueAt }) => firstDueAt));
  const serves = lease !== null && lease.expiresAt > now;
  const what = [begun === 0 ? [] : counted(begun, "run", MOST), events === 0 ? [] : counted(events, "event")].flat().join(" and ");
  if (!serves && what !== "") return [{ about: "serve", state: "warns", what: `${what} wait${begun + events === 1 ? "s" : ""} to go on, and no process serves this store`, hint: "Start it: offstage serve" }];
  return serves && now - due > HOUR_MS ? [{ about: "serve", state: "warns", what: `${counted(events, "event")} wait${events === 1 ? "s" : ""} to start a run, the first since ${minuteOf(due)}`, hint: "`offstage runs` shows what goes on before." }] : [];
}

function requested({ requests, grants, questionsUntil }: StoreFacts, now: number, settings: ApprovalParts): readonly NightFinding[] {
  const found: NightFinding[] = [];
  const old = requests.filter(({ openedAt }) => now - openedAt > OLD_MS);
  const soon = (instant: number | null): boolean => instant !== null && instant > now && instant - now < DAY_MS;
  const questions = questionsUntil.filter(soon).length;
  const ending = grants.filter(({ expiresAt }) => soon(expiresAt)).length;
  if (old.length > 0) found.push({ about: "approvals", state: "warns", what: `${counted(old.length, "request", MOST)} wait${old.length === 1 ? "s" : ""} for a person for more than three days, the first since ${minuteOf(Math.min(...old.map(({ openedAt }) => openedAt)))}`, hint: "They are listed by: offstage approve" });
  if (questions > 0) found.push({ about: "approvals", state: "warns", what: `${counted(questions, "question")} of workflows ${questions === 1 ? "is" : "are"} over within a day, answered or not`, hint: "They are listed by: offstage approve" });
  if (ending > 0) found.push({ about: "approvals", state: "warns", what: `${counted(ending, "permission")} that no run used yet ${ending === 1 ? "ends" : "end"} within a day`, hint: "`offstage resume RUN` goes on with it; `offstage runs` shows which." });
  const unanswerable = requests.flatMap((request) => approverFinding(`request ${request.id}`, request, settings) ?? []);
  return [...found, ...unanswerable.filter(({ state }) => state === "fails")];
}
