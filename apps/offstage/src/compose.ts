import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Clock, createBell } from "offstage/base";
import { type Calls, createCalls, type Turns } from "offstage/calls";
import { interpret, type Models } from "offstage/engine";
import { createStoreBlobs, type Environment, type Rulebook, type RunHost, type RunNews } from "offstage/host";
import { createEmbeddedHost } from "offstage/hosts/embedded";
import type { ServerSession } from "offstage/mcp";
import { createNativeExecutor, createOwnCode } from "offstage/native";
import type { Run } from "offstage/model";
import { type Program, programFamily } from "offstage/program";
import type { Store } from "offstage/state";
import { openSqliteStore } from "offstage/stores/sqlite";
import { type Observe, observedSessions, observedStore, type RunTracer } from "offstage/telemetry";
import { closeInOrder } from "./close-in-order.ts";
import type { CommandIo } from "./command-io.ts";
import { inProject } from "./command-line.ts";
import { noticesOf } from "./compose-notices.ts";
import { openStore } from "./compose-store.ts";
import { addressOf, openTracing } from "./compose-tracing.ts";
import { openTurns, turnsOver } from "./compose-turns.ts";
import { holderIsAlive, thisProcess } from "./lease-holder.ts";
import { createProjectCompiler } from "./project/compile.ts";
import { createGround, type Ground, rulebookOf } from "./project/ground.ts";
import { lazyModels } from "./project/lazy-models.ts";
import type { Project } from "./project/load-project.ts";
import { createLockGuard } from "./project/lock-guard.ts";
import { refuseStaleClasses } from "./project/pin-server.ts";
import { refuseOtherMaking } from "./project/refuse-other-making.ts";
import { hostsOf } from "./project/profile-hosts.ts";
import { ownCodeScope } from "./own-code-scope.ts";
import { OWN_FOLDER } from "./project/read-module.ts";
import { needServers, readyProgram } from "./project/ready-program.ts";
import { startServers } from "./project/start-servers.ts";
import { type UnreachedServer, waitForServers } from "./project/wait-for-servers.ts";
import { moduleFiles } from "./project/module-texts.ts";
import { draftedTexts } from "./studio/draft-shelf.ts";
import type { ServedEdits, ServeListener } from "./serve-project.ts";
import { escapeControls } from "./terminal.ts";

/** Everything that runs need, wired. Servers start when they are first used. */
export interface Stage {
  readonly store: Store;
  readonly host: RunHost;
  /** Grows while runs begin: what could not be reached then. A run that calls none of them goes on all the same. */
  readonly unreached: readonly UnreachedServer[];
  /** The Program of a workflow, as the command sees the project, or as it is drafted or adopted. Errors: `WORKFLOW_NOT_FOUND`, its diagnostics when it does not check, `SECRET_MISSING` of a server that it uses. */
  program(workflow: string, from?: keyof typeof TEXTS): Promise<Program>;
  /**
   * Tools that the programs of these runs and what they lead to name, and that are not as they were locked, as `server.tool`; as far as this process asked
   * their servers.
   */
  changedTools(runs: readonly Pick<Run, "programHash">[]): Promise<readonly string[]>;
  /** Listens to the triggers of these workflows and of what edits make of them, starts their runs and drives what waits in the store, until it is to stop. Rejects when the store fails. */
  serve(edits: ServedEdits, listener: ServeListener): Promise<void>;
}

/** What is different from the stage of a usual run. */
export interface StageVariation {
  /** A store of this process only, empty and forgotten in the end. */
  readonly memory?: true;
  /** Runs that others start are left to the next command. */
  readonly drivesStarted?: false;
  /** What runs take for the time; servers keep the real one. */
  readonly clock?: Clock;
  /** How many runs go on side by side; one after the other without it. */
  readonly concurrency?: number;
  /** The workflow whose runs Node executes, or all of them; others are interpreted. */
  readonly native?: { readonly workflow: string } | "all";
  /** Nothing is written, whatever offstage.yaml says. */
  readonly dryRun?: boolean;
  /** Listens to the calls of runs. */
  readonly around?: (calls: Calls, rules: Rulebook["rules"]) => Calls;
  /** The same for the questions of runs to models. */
  readonly aroundModels?: (models: Models) => Models;
  /** Hears how runs go on, in the terminal's place. */
  readonly news?: (news: RunNews) => void;
  /** Hears, once, of each tool that a run comes to and that is not as it was locked. */
  readonly changed?: (tool: string) => void;
  /** Hears how calls and transactions went. */
  readonly observe?: Observe;
  /** It goes on until it is told to stop: nobody waits for its end as for that of a command. */
  readonly serves?: true;
  /** What was read of the project's files already, before what changes meanwhile. */
  readonly ground?: Ground;
}

/** Which texts of a project are meant, where it is not those that the command works over. */
const TEXTS = { drafted: draftedTexts, adopted: moduleFiles } as const;

/** A command over a stage: at its end, however it ends, servers are ended and the store is closed. */
export async function withStage<T>(io: CommandIo, project: Project, use: (stage: Stage) => Promise<T>, variation: StageVariation = {}): Promise<T> {
  const stage = await openStage(io, project, variation);
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}

/** The composition root: the one place that knows which adapter stands behind which port. */
async function openStage(io: CommandIo, project: Project, variation: StageVariation): Promise<Stage & { close(): Promise<void> }> {
  const compiler = createProjectCompiler(project);
  let ground = variation.ground ?? createGround(project.settings, await compiler.types(), warningTo(io));
  const pool = startServers(project, project.servers.map(({ name }) => name), io, {
    get lock() {
      return ground.types.lock;
    },
    get hosts() {
      return hostsOf(ground.types);
    },
  });
  const own = variation.memory === true ? await openSqliteStore({ memory: true, clock: variation.clock ?? io.clock }) : await openStore(project);
  // What is only in memory is nobody else's; its calls are real ones all the same.
  const turns = variation.memory === true ? await openTurns(io, project) : turnsOver(io, project, own);
  const store = variation.observe === undefined ? own : observedStore(own, variation.observe);
  const guard = createLockGuard(() => ground.types.lock, pool, (server, tool) => variation.changed?.(`${server}.${tool}`));
  const unreached: UnreachedServer[] = [];
  const closed = new AbortController();
  const tracer = variation.memory === true ? null : await openTracing(io, variation.serves === true ? "serve" : "command");
  const environment = createEnvironment(io, project, () => ground, { store, pool, guard, unreached, tracer, turns: turns?.turns ?? null, closed: closed.signal, ...variation });
  const host = createEmbeddedHost({ store, environment, me: thisProcess(), alive: holderIsAlive });
  return {
    store, host, unreached,
    program: (workflow, from) => readyProgram({ ...ground, project, compiler: from === undefined ? compiler : createProjectCompiler({ ...project, texts: TEXTS[from](project.folder) }), searchPath: io.env["PATH"] ?? "" }, workflow),
    async changedTools(runs) {
      const hashes = [...new Set(runs.map(({ programHash }) => programHash))];
      const programs = await store.transact({ durable: false, reads: true }, (tx) => Promise.all(hashes.map((hash) => tx.getProgram(hash))));
      const named = programs.flatMap((program) => (program === null ? [] : programFamily(program).flatMap(({ tools }) => tools)));
      return [...new Set(named.filter(({ server, tool }) => guard.fault(server, tool)?.code === "TOOL_CHANGED").map(({ server, tool }) => `${server}.${tool}`))];
    },
    // Only who serves needs cron lines and a server over HTTP.
    serve: async (edits, listener) => (await import("./serve-project.ts")).serveProject({ project, store, host, pool, environment: { ...environment, redactor: project.redactor }, stand: (next) => void (ground = next) }, edits, listener),
    close: () => closeInOrder([() => host.close(), () => tracer?.close(), () => closed.abort(), () => pool.close(), () => turns?.close(), () => store.close()]),
  };
}

interface Connections extends StageVariation {
  readonly store: Store;
  readonly pool: ReturnType<typeof startServers>;
  readonly guard: ReturnType<typeof createLockGuard>;
  readonly unreached: UnreachedServer[];
  readonly closed: AbortSignal;
  /** null: runs are not traced. */
  readonly tracer: RunTracer | null;
  /** null: nobody shares the limits of calls. */
  readonly turns: Turns | null;
}

function createEnvironment(io: CommandIo, project: Project, ground: () => Ground, { store, pool, guard, unreached, closed, tracer, turns, observe, memory, drivesStarted, concurrency, clock = io.clock, native, dryRun = false, around = (calls) => calls, aroundModels = (models) => models, news = (one) => tellNews(io, one) }: Connections): Environment {
  const rulebook = rulebookOf(ground);
  const timeoutMs = (server: string): number => project.timeoutMs(server);
  const ownSessions = async (server: string): Promise<ServerSession> => {
    const session = await pool.session(server);
    // What answers now need not be what answered when the run began: it may have ended and been started anew.
    await guard.refresh(server);
    return session;
  };
  const toldSessions = observe === undefined ? ownSessions : observedSessions(ownSessions, observe);
  const sessions = tracer === null ? toldSessions : tracer.sessions(toldSessions, (server) => addressOf(project.server(server).config));
  const execute = native === undefined ? interpret : createNativeExecutor(native === "all" ? {} : native);
  const calls = createCalls({ sessions, rules: rulebook.rules, redactor: project.redactor, clock: io.clock, timeoutMs, blobs: createStoreBlobs(store, io.clock), lockFault: guard.fault, ...(turns === null ? {} : { turns }) });
  return {
    clock, redactor: project.redactor, rulebook, timeoutMs,
    policy: project.settings.policy,
    policyNow: () => ground().settings.policy,
    nameNow: (workflow) => ground().renamed.get(workflow) ?? workflow,
    ...(dryRun || project.settings.dryRun ? { dryRun: true as const } : {}),
    random: (count) => randomBytes(count),
    models: aroundModels(lazyModels(project, io.clock, closed)),
    ...(native === undefined && io.ownCode === undefined ? {} : { own: createOwnCode({ folder: join(project.folder, OWN_FOLDER), redactor: project.redactor, scope: ownCodeScope, warn: warningTo(io) }) }),
    calls: around(calls, rulebook.rules),
    isUnlike: (call, value) => ground().isUnlike(call, value),
    async connect(servers) {
      const { types, settings } = ground();
      refuseStaleClasses(types, settings, servers);
      refuseOtherMaking(project, types.lock, servers, io.env["PATH"] ?? "");
      needServers(project, servers);
      unreached.push(...(await waitForServers(io, guard, servers)));
    },
    lockFault: guard.fault,
    targetOf: (server) => project.server(server).target,
    get basis() {
      return ground().basis;
    },
    news: tracer === null ? news : (one) => {
      tracer.observe(one);
      news(one);
    },
    bell: createBell(),
    ...(memory === true || dryRun ? {} : noticesOf(io, project, () => ground().settings.policy)),
    retryMs: project.settings.serve.retryMs,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(drivesStarted === undefined ? {} : { drivesStarted }),
    execute: tracer === null ? execute : tracer.execute(execute),
  };
}

/** Says that a result is not as it was learnt, with commands that can be followed as they stand. */
export function warningTo(io: CommandIo): (text: string) => void {
  return (text) => io.terminal.note(escapeControls(inProject(io, text)));
}

function tellNews(io: CommandIo, news: RunNews): void {
  const { terminal } = io;
  switch (news.kind) {
    case "run-started":
      return terminal.progress(`${news.resumed ? "continuing" : "running"} ${news.run.workflow} (${news.run.id}) …`);
    case "run-waiting":
      return terminal.note(escapeControls(news.why));
    case "effect-done":
    case "effect-failed":
    case "effect-ambiguous":
      return terminal.progress(`${news.kind.slice("effect-".length)} ${escapeControls(news.label)}`);
    case "log":
      return terminal.note(escapeControls(news.text, "mark"));
    case "run-parked":
    case "run-ended":
    case "effect-held":
    case "effect-skipped":
      return undefined;
  }
}
