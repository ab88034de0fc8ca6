import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { decodeValue, encodeValue, type ErrorCode, OffstageError } from "offstage/base";

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const SOURCES = fileURLToPath(new URL("../../packages/python/src", import.meta.url));
/** How one ends that killed itself. */
const KILLED = -9;
const MAKER = fileURLToPath(new URL("stage_process.py", import.meta.url));

/** What all processes of a stage are told, as often as it changes. */
export interface Surroundings {
  readonly now: number;
  readonly targets: Readonly<Record<string, string>>;
}

/** What a process begins with. */
export interface ProcessTask extends Surroundings {
  /** The store. */
  readonly file: string;
  /** The folder of the exported package. */
  readonly package: string;
  readonly policy: unknown;
  /** At this point, from 1, it kills itself; 0: never. */
  readonly diesAt: number;
}

/** A living process of Python with a host. */
export interface StageProcess {
  /** Has it do something, beside what else it does. Rejects with the error that this ended with; never settles once the process has died. */
  do(what: string, ...args: readonly unknown[]): Promise<unknown>;
  tell(surroundings: Surroundings): void;
  /** It killed itself. */
  readonly died: Promise<"died">;
  /** Ends it, and waits for that. */
  end(): Promise<void>;
}

/** Makes processes: forks of one that has loaded Python's library. */
export interface StageProcesses {
  /** `answer`: what it asks of the world. */
  open(task: ProcessTask, answer: (what: string, args: readonly unknown[]) => Promise<unknown>): Promise<StageProcess>;
  close(): void;
}

type Said =
  | { readonly ask: number; readonly what: string; readonly args: string }
  | { readonly done: number; readonly gives?: string; readonly raises?: { readonly code: ErrorCode; readonly message: string; readonly hint: string | null }; readonly crashed?: string };

/** Starts the one that makes them. */
export function startStageProcesses(): StageProcesses {
  const folder = mkdtempSync(join(tmpdir(), "offstage-stages-"));
  const socket = join(folder, "socket");
  const [arrived, ended] = [new Map<string, (socket: Socket) => void>(), new Map<string, (code: number) => void>()];
  const server = createServer((connection) => {
    createInterface({ input: connection }).on("error", noError).once("line", (line) => {
      const { name } = JSON.parse(line) as { readonly name: string };
      arrived.get(name)?.(connection);
    });
  });
  const listening = new Promise<void>((resolve) => { server.listen(socket, resolve); });
  const maker: ChildProcess = spawn(PYTHON, [MAKER], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" } });
  createInterface({ input: maker.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    const { ended: name, code } = JSON.parse(line) as { readonly ended: string; readonly code: number };
    ended.get(name)?.(code);
  });
  const lost = new Promise<null>((resolve) => { maker.once("exit", () => resolve(null)); });
  let count = 0;
  return {
    async open(task, answer) {
      await listening;
      count += 1;
      const name = String(count);
      const over = new Promise<number>((resolve) => ended.set(name, resolve));
      const here = new Promise<Socket>((resolve) => arrived.set(name, resolve));
      maker.stdin?.write(`${JSON.stringify({ ...task, name, socket })}\n`);
      const connection = await Promise.race([here, over.then(() => null), lost]);
      if (connection === null) throw new Error("A process of Python ended before it began: what it said is above.");
      return speak(connection, over, answer);
    },
    close() {
      maker.stdin?.end();
      maker.kill("SIGKILL");
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whoever kills itself leaves unread what it was told last. */
const noError = (): void => undefined;

type Done = Extract<Said, { readonly done: number }>;

function speak(connection: Socket, over: Promise<number>, answer: (what: string, args: readonly unknown[]) => Promise<unknown>): StageProcess {
  const doing = new Map<number, (done: Done) => void>();
  const say = (said: unknown): void => void (connection.writable && connection.write(`${JSON.stringify(said)}\n`));
  let wishes = 0;
  createInterface({ input: connection }).on("error", noError).on("line", (line) => {
    const said = JSON.parse(line) as Said;
    if ("ask" in said) void answer(said.what, decodeValue(said.args) as readonly unknown[]).then((gives) => say({ answer: said.ask, gives: encodeValue(gives) }));
    else doing.get(said.done)?.(said);
  });
  // What it said last is heard before its end is.
  const closed = new Promise<void>((resolve) => { connection.once("close", () => resolve()); });
  const gone = closed.then(() => over);
  void gone.then((code) => { if (code !== KILLED) for (const [done, tell] of doing) tell({ done, crashed: `Python ended with ${code}: what it said is above.` }); });
  return {
    died: gone.then((code) => (code === KILLED ? "died" : new Promise<never>(() => undefined))),
    do(what, ...args) {
      wishes += 1;
      const wish = wishes;
      const done = new Promise<unknown>((resolve, reject) => doing.set(wish, (said) => settle(said, resolve, reject)));
      say({ do: wish, what, args: encodeValue(args) });
      return done.finally(() => doing.delete(wish));
    },
    tell: say,
    async end() {
      connection.end();
      await gone;
    },
  };
}

function settle({ gives, raises, crashed }: Done, resolve: (value: unknown) => void, reject: (error: Error) => void): void {
  if (raises !== undefined) reject(new OffstageError(raises.code, raises.message, raises.hint === null ? {} : { hint: raises.hint }));
  else if (crashed !== undefined) reject(new Error(crashed));
  else resolve(decodeValue(gives ?? "null"));
}
