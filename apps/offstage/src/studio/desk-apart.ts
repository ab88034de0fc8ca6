import { type ChildProcess, fork } from "node:child_process";
import { type Data, OffstageError } from "offstage/base";
import type { RunHost } from "offstage/host";
import type { Mended, Shown, Told } from "offstage/studio";
import { nodeArguments } from "../apart/node-arguments.ts";
import type { CommandIo } from "../command-io.ts";
import { collect } from "./collect.ts";
import { type Act, deskMessage, deskText, type FromDesk } from "./desk-messages.ts";
import { createProjectDesk, type ProjectDesk } from "./project-desk.ts";

/** How long its process is kept, in milliseconds. */
export interface ApartTimes {
  /** After its last answer: what a chat asks next is answered at once. */
  readonly idleMs: number;
  /** After nobody waited for its answer any more, or its work should have ended. */
  readonly killMs: number;
}

/** Four times what the checker takes. A process of ours that takes more than the machine has may take others with it, where a service manager ends all of a service. */
const MOST_MEMORY_MB = 1_024;

const TIMES: ApartTimes = { idleMs: 60_000, killMs: 10_000 };

/**
 * The desk of one operator beside a service: what compiles, plans and calls servers is done in a process that ends when nothing is asked for a while, so that no draft holds up or ends
 * what is served, and the compiler does not stay in its memory. What is applied is driven by `host`. Of what is told only so much comes over as a session can show.
 */
export function createDeskApart(io: CommandIo & { readonly projectFolder: string }, host: RunHost, times: ApartTimes = TIMES): ProjectDesk {
  const here = createProjectDesk(io, host);
  const line = createLine(io, times);
  const ask = async <T extends Told>(act: Act, args: readonly Data[], signal: AbortSignal, failed: Omit<T, keyof Told>): Promise<T> => {
    const ending = AbortSignal.any([signal, io.signal]);
    try {
      const told = (await line.ask(act, args, ending)) as T;
      // This process may know secrets that the other one never met.
      return { ...told, text: io.redactor.redact(told.text), notes: io.redactor.redact(told.notes), data: io.redactor.redactData(told.data) };
    } catch (error) {
      return { ...(await collect(io, ending, () => Promise.reject(error as Error))), ...failed } as T;
    }
  };
  return {
    ...here,
    tools: (words, signal) => ask("tools", [[...words]], signal, {}),
    call: (tool, args, signal) => ask("call", [tool, args], signal, {}),
    check: (workflow, signal) => ask("check", [workflow], signal, {}),
    checkProfile: (server, source, signal) => ask("checkProfile", [server, source], signal, {}),
    plan: (workflow, inputs, signal) => ask("plan", [workflow, inputs], signal, {}),
    mend: (file, text, signal) => ask<Mended>("mend", [{ ...file }, text], signal, { source: text }),
    test: (workflow, answers, inputs, signal) => ask("test", [workflow, answers, inputs], signal, {}),
    planned: (plan, signal) => ask<Shown>("planned", [plan], signal, { about: "", command: "" }),
    adoption: (file, signal) => ask<Shown>("adoption", [{ ...file }], signal, { about: "", command: "" }),
    adopt: (file, revision, signal) => ask("adopt", [{ ...file }, revision], signal, {}),
    runs: (workflow, signal) => ask("runs", [workflow], signal, {}),
    show: (run, signal) => ask("show", [run], signal, {}),
    export: (workflow, target, signal) => ask("export", [workflow, target], signal, {}),
    settled: async () => void (await Promise.all([here.settled(), line.settled()])),
  };
}

/** One process at a time, begun when something is asked. */
interface Line {
  /** Rejects with `DESK_FAILED` when the process ends before it has answered. */
  ask(act: Act, args: readonly Data[], signal: AbortSignal): Promise<Told>;
  /** Resolves when all is answered and no process is left. */
  settled(): Promise<void>;
}

/** A process, and who waits for what of it. */
interface Worker {
  readonly child: ChildProcess;
  readonly waiting: Map<number, { readonly act: Act; readonly resolve: (told: Told) => void; readonly reject: (error: OffstageError) => void }>;
  readonly ended: Promise<void>;
}

function createLine(io: CommandIo & { readonly projectFolder: string }, { idleMs, killMs }: ApartTimes): Line {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let asked = 0;
  const underWay = new Set<Promise<unknown>>();

  const end = async ({ child, ended }: Worker): Promise<void> => {
    worker = null;
    if (child.connected) child.disconnect();
    const late = setTimeout(() => child.kill("SIGKILL"), killMs);
    await ended;
    clearTimeout(late);
  };
  const askWorker = async (at: Worker, act: Act, args: readonly Data[], signal: AbortSignal): Promise<Told> => {
    signal.throwIfAborted();
    const id = ++asked;
    const question = deskText({ kind: "ask", id, act, args });
    // What the other process could not read is refused here.
    deskMessage(question);
    const { promise, resolve, reject } = Promise.withResolvers<Told>();
    let late: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      late = setTimeout(() => at.child.kill("SIGKILL"), killMs);
      send(at.child, deskText({ kind: "cancel", id, why: signal.reason instanceof Error ? signal.reason.message : "Cancelled." }));
    };
    at.waiting.set(id, { act, resolve, reject });
    signal.addEventListener("abort", cancel, { once: true });
    send(at.child, question);
    try {
      return await promise;
    } finally {
      at.waiting.delete(id);
      signal.removeEventListener("abort", cancel);
      clearTimeout(late);
    }
  };
  return {
    ask(act, args, signal) {
      clearTimeout(idle);
      const at = (worker ??= begin(io, (gone) => void (worker = worker === gone ? null : worker)));
      const one = askWorker(at, act, args, signal).finally(() => {
        underWay.delete(one);
        if (underWay.size === 0) idle = setTimeout(() => (worker === null ? undefined : void end(worker)), idleMs).unref();
      });
      underWay.add(one);
      return one;
    },
    async settled() {
      await Promise.allSettled(underWay);
      clearTimeout(idle);
      if (worker !== null) await end(worker);
    },
  };
}

function begin({ projectFolder, program, ownCode, env }: CommandIo & { readonly projectFolder: string }, gone: (worker: Worker) => void): Worker {
  const { flags, entry, module } = nodeArguments("studio/desk-process");
  const child = fork(entry, [module, String(process.pid)], { execArgv: [...flags, `--max-old-space-size=${MOST_MEMORY_MB}`], env, cwd: projectFolder, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const waiting: Worker["waiting"] = new Map();
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const worker: Worker = {
    child, waiting,
    ended: ended.then((how) => {
      gone(worker);
      for (const { act, reject } of waiting.values()) reject(endedBefore(act, how));
    }),
  };
  child.on("message", (text) => {
    try {
      const { id, told } = deskMessage<FromDesk>(text);
      waiting.get(id)?.resolve(told);
    } catch {
      // Whatever it says, the service goes on.
      child.kill("SIGKILL");
    }
  });
  send(child, deskText({ kind: "begin", projectFolder, program: program ?? null, ownCode: ownCode === true }));
  return worker;
}

/** What changes files may have done so. */
function endedBefore(act: Act, how: string): OffstageError {
  const files = act === "adopt" || act === "export" ? " It may have happened all the same: look at the project's files first." : "";
  return new OffstageError("DESK_FAILED", `The process that works for this chat ended before it had answered (${how}).${files}`, { hint: "Ask again: it is begun anew. What is too much for it, this or something else that was asked meanwhile, ends it each time." });
}

/** One that is gone already hears nothing: its end is told to who waits. */
function send(child: ChildProcess, text: string): void {
  if (child.connected) child.send(text, () => undefined);
}
