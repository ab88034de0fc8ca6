import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Data, decodeValue, encodeValue, isOffstageError } from "offstage/base";
import { printWorkflows } from "offstage/exporters/python";
import type { Ports } from "offstage/engine";
import type { Program } from "offstage/program";
import { createFakePorts, type FakeRunOptions, type FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const SOURCES = fileURLToPath(new URL("../../packages/python/src", import.meta.url));

/** Servers of which any tool may be named. */
const SERVERS = ["world", "other", "repo", "tracker", "chat", "shop"];
const SERVER = (name: string): string => `from offstage.engine import Pages, Prompt, Resource, Tool

SERVER = "${name}"
read = Resource(SERVER)
prompt = Prompt(SERVER)


class _AnyPages(Pages):
    def __call__(self, given=None, /, **arguments):
        return self.read({**(given or {}), **arguments})


class _Any(Tool):
    def __call__(self, given=None, /, **arguments):
        return self.call({**(given or {}), **arguments})

    def pages(self, *, max=None, until=None, truncate=None):
        return _AnyPages(self, max, until, truncate)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Any(SERVER, name)
`;

/** How a run in Python went; `died`: the code with which it was ended from outside; a crash is a fault of the engine. */
export type PythonRun = { readonly died: string } | { readonly result: Readonly<Record<string, unknown>>; readonly requests: readonly unknown[] } | { readonly crashed: string };

/** A process of Python that runs printed workflows over the ports of fake worlds, one after the other. */
export interface PythonEngine {
  run(program: Program, world: FakeWorld, options?: FakeRunOptions): Promise<PythonRun>;
  close(): void;
}

/** Starts one. */
export function startPythonEngine(): PythonEngine {
  const folder = mkdtempSync(join(tmpdir(), "offstage-engine-"));
  const child: ChildProcess = spawn(PYTHON, ["-m", "offstage.testing.drive_engine"], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" } });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const say = (value: unknown): void => void child.stdin?.write(`${JSON.stringify(value)}\n`);
  let count = 0;
  return {
    async run(program, world, options = {}) {
      count += 1;
      const place = join(folder, String(count));
      write(place, program);
      const ports = createFakePorts(world, options);
      say({ id: count, folder: place, frame: encodeValue(ports.frame) });
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) return { crashed: "Python ended." };
        const said = JSON.parse(value) as { readonly ask?: string; readonly result?: string; readonly crashed?: string; readonly died?: string };
        if (said.died !== undefined) return { died: said.died };
        if (said.crashed !== undefined) return { crashed: said.crashed };
        // Each run has a package of its own.
        if (said.result !== undefined) return { result: decodeValue(said.result.replaceAll(/\bprinted_\d+\/workflow\.py/g, "printed/workflow.py")) as Readonly<Record<string, unknown>>, requests: ports.requests };
        say(await answer(world, ports, decodeValue(said.ask ?? "[]") as readonly [string, ...never[]]));
      }
    },
    close() {
      child.stdin?.end();
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function write(place: string, program: Program): void {
  const files = [
    ...printWorkflows(program), { path: "__init__.py", content: "" }, { path: "servers/__init__.py", content: "" },
    ...SERVERS.map((name) => ({ path: `servers/${name}.py`, content: SERVER(name) })),
  ];
  for (const { path, content } of files) {
    mkdirSync(join(place, dirname(path)), { recursive: true });
    writeFileSync(join(place, path), content);
  }
}

async function answer(world: FakeWorld, ports: Ports, [port, ...args]: readonly [string, ...never[]]): Promise<unknown> {
  try {
    return { gives: encodeValue((port.startsWith("journal.") ? await journal(world, ports, port, args) : await ask(ports, port, args)) ?? null) };
  } catch (error) {
    if (isOffstageError(error)) return { raises: { code: error.code, message: error.message } };
    throw error;
  }
}

async function ask(ports: Ports, port: string, args: readonly never[]): Promise<unknown> {
  const [first, second, third, fourth] = args as readonly [never, never, never, never];
  switch (port) {
    case "classify": return ports.tools.classify(first, second, null);
    case "paging.max": return ports.tools.paging(first, second, null).max;
    case "paging.first": return ports.tools.paging(first, second, null).first(third);
    case "paging.next": return ports.tools.paging(first, second, null).next(third, fourth, args[4] as never);
    case "paging.items": return ports.tools.paging(first, second, null).items(third);
    case "paging.more": return ports.tools.paging(first, second, null).more(third);
    case "read": return ports.reads.read({ step: first, server: second, tool: third, args: fourth });
    case "read_offer": return ports.reads.readOffer({ step: first, server: second, offer: third });
    case "model": return ports.models.ask({ step: first, prompt: second, schema: third, maxTokens: fourth, model: args[4] as never });
    case "entry": return ports.effects.entry(first);
    case "record": return ports.effects.record(first, second);
    case "perform": return ports.effects.perform(first);
    case "settle": return ports.effects.settle(first, second);
    case "complete": return ports.effects.complete(first, second);
    case "bind": return ports.effects.bind(first);
    case "bindings": return ports.effects.bindings(first, second);
    case "state": {
      const { value, version } = await ports.states.get(first, second, third);
      return [value, version];
    }
    case "checkpoint": return ports.checkpoint(first);
    case "conforms": return ports.conforms(first, second);
    case "log": return ports.log(first, second);
    case "sleep": case "approve": case "event": return wait(ports, port, first);
    default: throw new Error(`There is no port ${port}.`);
  }
}

/** A key that was never asked before. */
class Missing extends Error {}

/** The journal's port, in questions: what is asked in between goes on in Python. */
async function journal(world: FakeWorld, ports: Ports, port: string, args: readonly never[]): Promise<unknown> {
  const [key, second, value] = args as unknown as readonly [string, never, never];
  switch (port) {
    case "journal.get": return ports.journal.once(key, second, async () => { throw new Missing(key); }).then((kept) => [kept], (error: unknown) => { if (error instanceof Missing) return []; throw error; });
    case "journal.put":
      // It asks nothing of a state that nobody has: it may die there, as TypeScript's does before it keeps an answer.
      await ports.states.get("", "", "");
      return void world.journal.set(key, { hash: second, value: encodeValue(value) });
    case "journal.now": return ports.journal.now(key);
    case "journal.compacted": return ports.journal.compacted(key);
    default: return ports.journal.compact(key, second);
  }
}

async function wait(ports: Ports, kind: "sleep" | "approve" | "event", given: { readonly [name: string]: Data }): Promise<unknown> {
  const { after_ms: afterMs, at, within_ms: withinMs, seen, ...rest } = given;
  if (kind === "sleep") return ports.waits.sleep({ ...rest, end: afterMs === null ? { at } : { afterMs } } as never);
  return kind === "approve" ? ports.waits.approve({ ...rest, withinMs } as never) : ports.waits.event({ ...rest, withinMs } as never, seen as number);
}
