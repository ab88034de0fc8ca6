import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createRedactor, type Data, type JsonObject } from "offstage/base";
import { type Calls, createCalls } from "offstage/calls";
import { answerRequests } from "offstage/effects";
import { answerApproval, createStoreBlobs, type Environment, type Executor, goOnWithGrant, hashPolicy, offerEvent, openApprovals } from "offstage/host";
import { createEmbeddedHost } from "offstage/hosts/embedded";
import { type ApprovalRequest, DEFAULT_POLICY, type Policy, type Run } from "offstage/model";
import type { Program } from "offstage/program";
import type { LeaseHolder, Store } from "offstage/state";
import { openSqliteStore } from "offstage/stores/sqlite";
import { createFakeClock, type FakeClock } from "../packages/runtime/src/testing/fake-clock.ts";
import { makeQuickFolder } from "../packages/runtime/src/testing/quick-folder.ts";
import type { ConformanceCase, Stage } from "./case.ts";
import { policyOf, programOf, programOfSource, rulebook } from "./case-program.ts";
import type { Leavings, NotedCall } from "./left-behind.ts";
import { mortal } from "./mortal.ts";
import { whileTimePasses } from "./passing-time.ts";
import { World } from "./world/world.ts";

/** Nothing is to be late because the machine was: time passes here while the disk is waited for. */
const CALL_TIMEOUT_MS = 40_000;
const GRANT_MS = 86_400_000;
/** How often it is looked whether all runs are at their rest. */
const REST_MS = 5;
let processes = 0;

/** What the processes of one case share: the world, the clock, the store's file. */
interface Theatre {
  readonly file: string;
  readonly world: World;
  readonly clock: FakeClock;
  readonly program: Program;
  readonly policy: Policy;
  readonly targets: Map<string, string>;
  readonly dead: Set<number>;
  readonly calls: NotedCall[];
  readonly open: Store[];
  /** Null: runs are interpreted. */
  readonly execute: Executor | null;
}

/**
 * Plays a case on the embedded host: real compiler, engine, effects and SQLite file; a fake clock and a small world of servers.
 * `execute` is what executes its runs in the interpreter's place. `keep` gets the store's file once nobody has it open any more; it is removed after that.
 */
export async function playEmbedded(one: ConformanceCase, execute: Executor | null = null, keep: (left: Leavings) => unknown = () => undefined): Promise<void> {
  await playProgram(programOf(one.workflow), policyOf(one), (stage) => one.play(stage), execute, keep);
}

/** Plays a workflow that is no case: its text, compiled as those of the cases. False, and nothing is played, when it does not check. */
export async function playSource(source: string, play: (stage: Stage) => Promise<void>): Promise<boolean> {
  const program = programOfSource(source);
  if (program === null) return false;
  await playProgram(program, DEFAULT_POLICY, play, null);
  return true;
}

/** Plays a program as {@link playEmbedded} plays a case. */
export async function playProgram(program: Program, policy: Policy, play: (stage: Stage) => Promise<void>, execute: Executor | null, keep: (left: Leavings) => unknown = () => undefined): Promise<void> {
  const folder = makeQuickFolder("offstage-conformance-");
  const clock = createFakeClock();
  const theatre: Theatre = { file: join(folder, "store.db"), clock, world: new World(() => clock.now()), program, policy, targets: new Map(), dead: new Set(), calls: [], open: [], execute };
  try {
    await play(await createStage(theatre));
  } finally {
    await Promise.all(theatre.open.map((store) => store.close()));
    await keep(theatre);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createStage(theatre: Theatre): Promise<Stage> {
  const { world, clock, program } = theatre;
  const main = await openProcess(theatre, null);
  const start = async (process: Process, inputs: JsonObject = {}): Promise<Run> => {
    const { finished } = await process.host.start({ program, inputs, event: { kind: "call" } });
    return theatre.open.length - theatre.dead.size > 1 ? whileTimePasses((ms) => clock.advance(ms), finished, process.died) : finished;
  };
  return {
    world,
    followsUnknown: theatre.execute === null,
    plansPastUnknown: true,
    run: (inputs) => start(main, inputs),
    show: (runId) => main.host.get(runId),
    plan: async () => (await main.host.plan({ program, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal })).plan,
    apply: async (plan) => (await main.host.apply(plan.id, program)).finished,
    denyAll: async () => void (await answerAll(theatre, main, "deny")),
    async approveAll() {
      const [first] = await answerAll(theatre, main, "approve");
      return first === undefined ? null : (await main.host.continue(first.continuedBy ?? first.runId)).finished;
    },
    async runAndDie(point) {
      const victim = await openProcess(theatre, point);
      const ended = start(victim).then(() => "ended" as const);
      return Promise.race([ended, victim.died]);
    },
    async applyAndDie(plan, point) {
      const victim = await openProcess(theatre, point);
      const ended = victim.host.apply(plan.id, program).then(({ finished }) => finished).then(() => "ended" as const);
      return Promise.race([ended, victim.died]);
    },
    async answer(verdict, text = "") {
      const open = (await openApprovals(main.store, clock.now())).filter(({ message }) => message.includes(text));
      for (const { id } of open) await answerApproval(main.store, id, { verdict, by: "tester", at: clock.now() });
      return open.length;
    },
    offer: async (runId, topic, event) => (await offerEvent(main.store, { redactor: createRedactor(), now: () => clock.now() }, { runId, topic, event })).steps.length,
    resume: async (runId) => (await main.host.continue(runId)).finished,
    async resumeAndDie(runId, point) {
      const victim = await openProcess(theatre, point);
      const ended = victim.host.continue(runId).then(({ finished }) => finished).then(() => "ended" as const);
      return Promise.race([ended, victim.died]);
    },
    second: (workflow) => createStage(workflow === undefined ? theatre : { ...theatre, program: programOf(workflow) }),
    retarget: (server) => void theatre.targets.set(server, "elsewhere"),
    advance: (ms) => clock.advance(ms),
    async rest() {
      await main.host.work();
      while ((await main.store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ status: ["queued", "running"], limit: 1 }))).length > 0) await new Promise((resolve) => { setTimeout(resolve, REST_MS); });
    },
  };
}

/** Of what is permitted runs go on in the transaction of the answer. */
async function answerAll({ clock }: Theatre, { store, making }: Process, verdict: "approve" | "deny"): Promise<readonly ApprovalRequest[]> {
  const open = await store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 100 }));
  return answerRequests(store, open.map(({ id }) => id), { verdict, by: "tester", now: clock.now(), maxAgeMs: GRANT_MS, permitted: (tx, one) => goOnWithGrant(tx, making, one) });
}

interface Process {
  readonly store: Store;
  readonly host: ReturnType<typeof createEmbeddedHost>;
  readonly making: Environment;
  /** Resolves when the process reached its last point; from then on nothing that it does ends. */
  readonly died: Promise<"died">;
}

/** A process of its own: its own store connection, host and lease holder, over the shared file and world. */
async function openProcess(theatre: Theatre, dieAt: number | null): Promise<Process> {
  processes += 1;
  const pid = processes;
  const life = mortal(dieAt, () => theatre.dead.add(pid));
  const store = life.store(await openSqliteStore({ file: theatre.file, clock: theatre.clock }));
  theatre.open.push(store);
  const me: LeaseHolder = { host: "stage", boot: "1", pid, started: null };
  const environment = environmentOf(theatre, store, life.call);
  const host = createEmbeddedHost({ store, environment, me, alive: (holder) => !theatre.dead.has(holder.pid) });
  return { store, host, making: environment, died: life.died };
}

/** Calls that are noted as they are made. */
function noting(theatre: Theatre, calls: Calls): Calls {
  return {
    call: (server, tool, args, limits) => note(theatre, null, tool, args, () => calls.call(server, tool, args, limits)),
    read: (request) => note(theatre, stepOf(request), request.tool, request.args, () => calls.read(request)),
    readOffer: (request) => note(theatre, stepOf(request), request.offer.kind, request.offer, () => calls.readOffer(request)),
  };
}

/** The engine says what asks; calls need not know. */
function stepOf(request: object): string {
  return (request as { readonly step: string }).step;
}

function note<T>({ calls }: Theatre, step: string | null, tool: string, args: Data, make: () => Promise<T>): Promise<T> {
  calls.push({ step, tool, args });
  return make();
}

function environmentOf(theatre: Theatre, store: Store, around: (calls: Calls) => Calls): Environment {
  const { world, clock, policy, execute } = theatre;
  const calls = noting(theatre, around(createCalls({ sessions: () => Promise.resolve({ call: (tool, args) => world.call(tool, args), offer: (offer) => world.offer(offer) }), rules: rulebook.rules, redactor: createRedactor(), clock, timeoutMs: () => CALL_TIMEOUT_MS, blobs: createStoreBlobs(store, clock) })));
  return {
    clock, policy, calls, rulebook, models: { ask: ({ step, prompt }) => note(theatre, step, "ask", prompt, () => world.ask(prompt)) }, redactor: createRedactor(), random: (bytes) => randomBytes(bytes), connect: () => Promise.resolve(), lockFault: () => null,
    targetOf: (server) => theatre.targets.get(server) ?? `${server}.example`, timeoutMs: () => CALL_TIMEOUT_MS,
    basis: { classes: "world", profiles: "world", policy: hashPolicy(policy) }, news: () => {}, ...(execute === null ? {} : { execute }),
  };
}
