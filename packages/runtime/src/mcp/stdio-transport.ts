import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { isOffstageError, type OffstageError } from "../base/index.ts";
import { createFloodGate } from "./log-flood.ts";
import { endGroup, trackGroup } from "./process-group.ts";
import { printLine } from "./protocol-line.ts";
import { type SandboxedProcess, startSandboxed } from "./sandbox/start-sandboxed.ts";
import type { StdioServerConfig } from "./server-config.ts";
import { exitFailure, garbageFailure, silenceFailure, startFailure, unreadFailure } from "./server-failures.ts";
import { createServerOutput, type ServerOutput } from "./server-output.ts";
import type { ServerTransport, TransportContext } from "./server-transport.ts";
import { keptWayOut, startHints } from "./start-hints.ts";

/** What a child gets of our environment, whatever its entry says. */
const INHERITED = ["PATH", "HOME", "LANG"] as const;
/** What a server has not read of what it was sent stays in our memory; with so much of it, it gets nothing more. Bytes. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
/** An orphan can keep the pipes of an ended server open; its exit tells enough after this. Ms. */
const LAST_WORDS_MS = 200;

/**
 * Starts one server as a process group of its own and speaks newline-delimited JSON with it. Ours rather than the SDK's:
 * integers stay exact, wrappers (`npx`) do not leave orphans, and what the process did explains every failure.
 */
export function createStdioTransport(config: StdioServerConfig, context: TransportContext): ServerTransport {
  return new StdioTransport(config, context);
}

class StdioTransport implements ServerTransport, Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport["onmessage"];
  readonly #config: StdioServerConfig;
  readonly #context: TransportContext;
  readonly #output: ServerOutput;
  #child: ChildProcess | null = null;
  #failure: OffstageError | null = null;
  #ended: Promise<void> | null = null;
  #isReady = false;
  readonly #over = new AbortController();

  constructor(config: StdioServerConfig, context: TransportContext) {
    this.#config = config;
    this.#context = context;
    const { log, redact, maxLineBytes } = context;
    const passes = createFloodGate(context.clock);
    this.#output = createServerOutput({
      log,
      redact,
      maxLineBytes,
      onMessage: (message) => {
        // After the end nobody waits any more; the SDK has told all callers.
        if (this.#failure !== null) return;
        this.#isReady = true;
        if (!passes(message)) return;
        // The SDK hears a notification a moment later, and would not know any more whose progress it was.
        if ("method" in message) this.onmessage?.(message);
        else queueMicrotask(() => this.onmessage?.(message));
      },
      onGarbage: (line, tooLong) => void this.#end(garbageFailure(config.name, redact(line), tooLong)),
    });
  }

  get transport(): Transport {
    return this;
  }

  /** By these two names the SDK knows that we are stdio: silence on its first question is an old server then, not an outage. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get stderr(): null {
    return null;
  }

  get carriesHeaders(): false {
    return false;
  }

  explain(): null {
    return null;
  }

  failure(): OffstageError | null {
    return this.#failure;
  }

  unanswered(ms: number): OffstageError {
    const garbage = this.#output.garbage();
    if (garbage !== null) return garbageFailure(this.#config.name, this.#context.redact(garbage), false);
    return silenceFailure(this.#config.name, ms, this.#output.lastLines(), { told: this.#told(), kept: keptWayOut(this.#config, this.#context.inheritedEnv) });
  }

  start(): Promise<void> {
    const { cwd } = this.#config;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        // Why there is no sandbox explains the end of its process, not the other way round.
        this.#failure = isOffstageError(error) ? error : (this.#failure ?? startFailure(this.#config, error, cwd === undefined || existsSync(cwd)));
        reject(this.#failure);
      };
      try {
        const { child, inside } = this.#spawn();
        this.#child = child;
        child.once("error", fail);
        child.once("spawn", () => this.#watch(child));
        inside.then(resolve, fail);
      } catch (error) {
        // A zero byte in an argument, an environment that is too large: the system is not even asked.
        fail(error as Error);
      }
    });
  }

  #spawn(): SandboxedProcess {
    const { command, args, cwd, sandbox } = this.#config;
    const env = { ...this.#inherited(), ...(this.#config.envNow?.() ?? this.#config.env) };
    if (sandbox !== undefined) return startSandboxed(this.#config, sandbox, { env, inheritedEnv: this.#context.inheritedEnv, lastLines: () => this.#output.lastLines() });
    const child = spawn(command, args, { cwd, env, stdio: "pipe", detached: true, windowsHide: true });
    return { child, inside: new Promise((resolve) => child.once("spawn", resolve)) };
  }

  send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (!input?.writable) return Promise.reject(this.#exitFailure());
    if (input.writableLength > MOST_WAITING_BYTES) return Promise.reject(unreadFailure(this.#config.name, input.writableLength));
    input.write(printLine(message));
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#end(exitFailure(this.#config.name, { code: null, signal: null }, [], { wasReady: true, sandboxed: false }));
  }

  #inherited(): Record<string, string> {
    const { inheritedEnv } = this.#context;
    return Object.fromEntries(INHERITED.flatMap((name) => (inheritedEnv[name] === undefined ? [] : [[name, inheritedEnv[name]]])));
  }

  #watch(child: ChildProcess): void {
    if (child.pid !== undefined) trackGroup(child.pid);
    const { stdout, stderr } = this.#output;
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stderr?.on("end", () => stderr.end());
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on("error", () => this.#endSoon());
    child.stdout?.on("end", () => {
      stdout.end();
      this.#endSoon();
    });
    child.on("exit", () => this.#endSoon());
    child.on("close", () => void this.#end(this.#exitFailure()));
  }

  /** Something ended; what the server still has to say, and how it exits, belongs to the story. */
  #endSoon(): void {
    if (this.#failure !== null) return;
    void this.#context.clock.sleep(LAST_WORDS_MS, this.#over.signal).then(() => this.#end(this.#exitFailure()));
  }

  #end(failure: OffstageError): Promise<void> {
    if (this.#ended === null) {
      this.#failure ??= failure;
      this.#over.abort();
      const { clock, patience } = this.#context;
      this.#ended = this.#child === null ? Promise.resolve() : endGroup(this.#child, clock, patience);
      this.onclose?.();
    }
    return this.#ended;
  }

  #exitFailure(): OffstageError {
    const garbage = this.#output.garbage();
    const { exitCode = null, signalCode = null } = this.#child ?? {};
    // A program that prints its help and exits well was simply not a server.
    if (garbage !== null && exitCode === 0) return garbageFailure(this.#config.name, this.#context.redact(garbage), false);
    return exitFailure(this.#config.name, { code: exitCode, signal: signalCode }, this.#output.lastLines(), { wasReady: this.#isReady, sandboxed: this.#config.sandbox !== undefined, ...(this.#isReady ? {} : { told: this.#told() }) });
  }

  #told(): readonly string[] {
    return startHints(this.#config, this.#output.lastLines(), this.#context.inheritedEnv);
  }
}
