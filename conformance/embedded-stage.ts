import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createRedactor, type JsonObject } from "offstage/base";
import { type Calls, createCalls } from "offstage/calls";
import { answerRequests } from "offstage/effects";
import { compileProfile } from "offstage/engine";
import { answerApproval, createRulebook, createStoreBlobs, type Environment, type Executor, hashPolicy, offerEvent, openApprovals } from "offstage/host";
import { createEmbeddedHost } from "offstage/hosts/embedded";
import { createCompiler, nodeApiFiles } from "offstage/language";
import { type ApprovalRequest, DEFAULT_POLICY, type Policy, type Run } from "offstage/model";
import type { ProfileProgram, Program } from "offstage/program";
import type { LeaseHolder, Store } from "offstage/state";
import { openSqliteStore } from "offstage/stores/sqlite";
import { createFakeClock, type FakeClock } from "../packages/runtime/src/testing/fake-clock.ts";
import { makeQuickFolder } from "../packages/runtime/src/testing/quick-folder.ts";
import type { ConformanceCase, Stage } from "./case.ts";
import { mortal } from "./mortal.ts";
import { SERVER_TYPES } from "./world/servers.ts";
import { World } from "./world/world.ts";

/** Nothing is to be late because the machine was: time passes here while the disk is waited for. */
const CALL_TIMEOUT_MS = 40_000;
const GRANT_MS = 86_400_000;
const compiler = createCompiler({ apiFiles: nodeApiFiles() });
const compiled = new Map<string, Program>();
const rulebook = createRulebook({ profiles: new Map(["repo", "tracker", "chat", "shop"].map((server) => [server, compileProfile(profileOf(server))])), policyEffect: () => null, trustedRead: () => false });
let processes = 0;

/** The workflow of a case, lowered once for all its stages. */
function programOf(workflow: ConformanceCase["workflow"]): Program {
  const file = typeof workflow === "string" ? workflow : nameIn(workflow.source);
  const source = typeof workflow === "string" ? textOf(`workflows/${file}`) : workflow.source;
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const { program, diagnostics } = compiler.compileWorkflow({ file, source, serverTypes: SERVER_TYPES, mayWrite: rulebook.mayWrite, module: (name) => textOf(`workflows/${name}.ts`) });
  if (program === null) throw new Error(`${file} does not check: ${JSON.stringify(diagnostics, null, 1)}`);
  compiled.set(source, program);
  return program;
}

function nameIn(source: string): string {
  return `${/\bname: "([^"]*)"/.exec(source)?.[1] ?? "nameless"}.ts`;
}

function profileOf(server: string): ProfileProgram {
  const { profile, diagnostics } = compiler.compileProfile({ server, file: `${server}.ts`, source: textOf(`world/profiles/${server}.ts`), serverTypes: SERVER_TYPES });
  if (profile === null) throw new Error(`profile ${server} does not check: ${JSON.stringify(diagnostics, null, 1)}`);
  return profile;
}

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** What the processes of one case share: the world, the clock, the store's file. */
interface Theatre {
  readonly file: string;
  readonly world: World;
  readonly clock: FakeClock;
  readonly program: Program;
  readonly policy: Policy;
  readonly targets: Map<string, string>;
  readonly dead: Set<number>;
  readonly open: Store[];
  /** Null: runs are interpreted. */
  readonly execute: Executor | null;
}

/**
 * Plays a case on the embedded host: real compiler, engine, effects and SQLite file; a fake clock and a small world of servers.
 * `execute` is what executes its runs in the interpreter's place. `keep` gets the store's file once nobody has it open any more; it is removed after that.
 */
export async function playEmbedded(one: ConformanceCase, execute: Executor | null = null, keep: (file: string) => void = () => undefined): Promise<void> {
  const rule = (verdict: "approve" | "deny") => (name: string) => ({ verdict, server: name.split(".")[0] ?? "", tool: name.split(".")[1] ?? "" });
  const rules = [...(one.deny ?? []).map(rule("deny")), ...(one.approve ?? []).map(rule("approve"))];
  await playProgram(programOf(one.workflow), { ...DEFAULT_POLICY, rules }, (stage) => one.play(stage), execute, keep);
}

/** Plays a workflow that is no case: its text, compiled as those of the cases. False, and nothing is played, when it does not check. */
export async function playSource(source: string, play: (stage: Stage) => Promise<void>): Promise<boolean> {
  const { program } = compiler.compileWorkflow({ file: "generated.ts", source, serverTypes: SERVER_TYPES, mayWrite: rulebook.mayWrite });
  if (program === null) return false;
  await playProgram(program, DEFAULT_POLICY, play, null);
  return true;
}

async function playProgram(program: Program, policy: Policy, play: (stage: Stage) => Promise<void>, execute: Executor | null, keep: (file: string) => void = () => undefined): Promise<void> {
  const folder = makeQuickFolder("offstage-conformance-");
  const clock = createFakeClock();
  const theatre: Theatre = { file: join(folder, "store.db"), clock, world: new World(() => clock.now()), program, policy, targets: new Map(), dead: new Set(), open: [], execute };
  try {
    await play(await createStage(theatre));
  } finally {
    await Promise.all(theatre.open.map((store) => store.close()));
    keep(theatre.file);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createStage(theatre: Theatre): Promise<Stage> {
  const { world, clock, program } = theatre;
  const main = await openProcess(theatre, null);
  const start = async (process: Process, inputs: JsonObject = {}): Promise<Run> => {
    const { finished } = await process.host.start({ program, inputs, event: { kind: "call" } });
    return theatre.open.length - theatre.dead.size > 1 ? whileTimePasses(clock, finished, process.died) : finished;
  };
  return {
    world,
    followsUnknown: theatre.execute === null,
    run: (inputs) => start(main, inputs),
    show: (runId) => main.host.get(runId),
    plan: async () => (await main.host.plan({ program, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal })).plan,
    apply: async (plan) => (await main.host.apply(plan.id, program)).finished,
    async denyAll() {
      const open = await openRequests(main.store);
      await answerRequests(main.store, open.map(({ id }) => id), { verdict: "deny", by: "tester", now: clock.now(), maxAgeMs: GRANT_MS });
    },
    async approveAll() {
      const open = await openRequests(main.store);
      const [first] = open;
      if (first === undefined) return null;
      await answerRequests(main.store, open.map(({ id }) => id), { verdict: "approve", by: "tester", now: clock.now(), maxAgeMs: GRANT_MS });
      return (await main.host.continue(first.runId)).finished;
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
  };
}

/** Who follows another process looks again and again how its run is: that takes time, which only passes here when it is told to, and no more when the process has died. */
async function whileTimePasses<T>(clock: Theatre["clock"], finished: Promise<T>, died: Process["died"]): Promise<T> {
  let isOver = false;
  const over = Promise.race([finished, died]).finally(() => (isOver = true));
  while (!isOver) {
    await Promise.race([over, new Promise((resolve) => { setTimeout(resolve, REAL_MS); })]);
    await clock.advance(LOOK_MS);
  }
  return finished;
}

/** Ten times as fast as it is: a wait for the disk may take so long that what is meant to be in time would be late. */
const [REAL_MS, LOOK_MS] = [20, 200];

function openRequests(store: Store): Promise<readonly ApprovalRequest[]> {
  return store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 100 }));
}

interface Process {
  readonly store: Store;
  readonly host: ReturnType<typeof createEmbeddedHost>;
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
  const host = createEmbeddedHost({ store, environment: environmentOf(theatre, store, life.call), me, alive: (holder) => !theatre.dead.has(holder.pid) });
  return { store, host, died: life.died };
}

function environmentOf(theatre: Theatre, store: Store, around: (calls: Calls) => Calls): Environment {
  const { world, clock, policy, execute } = theatre;
  const calls = around(createCalls({ sessions: () => Promise.resolve({ call: (tool, args) => world.call(tool, args), offer: (offer) => world.offer(offer) }), rules: rulebook.rules, redactor: createRedactor(), clock, timeoutMs: () => CALL_TIMEOUT_MS, blobs: createStoreBlobs(store, clock) }));
  return {
    clock, policy, calls, rulebook, models: { ask: (question) => world.ask(question.prompt) }, redactor: createRedactor(), random: (bytes) => randomBytes(bytes), connect: () => Promise.resolve(), lockFault: () => null,
    targetOf: (server) => theatre.targets.get(server) ?? `${server}.example`, timeoutMs: () => CALL_TIMEOUT_MS,
    basis: { classes: "world", profiles: "world", policy: hashPolicy(policy) }, news: () => {}, ...(execute === null ? {} : { execute }),
  };
}
