import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isOffstageError } from "offstage/base";
import { runCommandLine } from "../../apps/offstage/src/main.ts";
import { endMarked } from "../../demo/leftovers.ts";
import { MARK_VARIABLE } from "../../demo/project.ts";
import { commandOf } from "./install.ts";
import { startOverHttp } from "./over-http.ts";
import { redirected } from "./redirect.ts";
import type { Ask, Launch, RealServer, Surroundings } from "./real-server.ts";

/** What the run found out about one server. */
export interface Found {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  readonly transport: "stdio" | "http" | "sse";
  readonly era: string;
  readonly protocol: string;
  readonly tools: number;
  /** Tools that answered, and those that said well what they lack. */
  readonly answered: readonly string[];
  readonly refused: readonly string[];
  readonly seconds: number;
  /** Empty when all is well. */
  readonly faults: readonly string[];
}

type Around = Omit<Surroundings, "folder" | "port">;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The longest that one command may take; slow machines start slow servers slowly. */
const COMMAND_MS = 90_000;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Takes one server through what people do with it, in a project of its own: lock, lock again, call, check and run a workflow. */
export async function tryServer(server: RealServer, around: Around, installed: string): Promise<Found> {
  const began = performance.now();
  const mark = `${server.name}-${process.pid}`;
  const project = await makeProject(server, around, installed, mark);
  const found: Mutable<Found> = {
    name: server.name, package: server.from.package, version: server.from.version, transport: transportOf(server), era: "-", protocol: "-", tools: 0,
    answered: [], refused: [], seconds: 0, faults: [],
  };
  const faults: string[] = [];
  try {
    await project.ready;
    await lockTwice(server, project, found);
    if (server.startFails !== undefined) return { ...found, refused: ["its start"], seconds: secondsSince(began) };
    for (const ask of server.asks) await askOne(server, project, ask, found, faults);
    await checkTypes(server, project, found.answered[0]);
  } catch (error) {
    faults.push(isOffstageError(error) || error instanceof Error ? error.message : String(error));
  } finally {
    await project.stop();
    const left = await endMarked(mark);
    if (left > 0) faults.push(`left ${left} processes running`);
    rmSync(project.around.folder, { recursive: true, force: true });
  }
  return { ...found, faults, seconds: secondsSince(began) };
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}

function transportOf({ name, url }: RealServer): Found["transport"] {
  return url === undefined ? "stdio" : name.endsWith("_sse") ? "sse" : "http";
}

interface Project {
  readonly around: Surroundings;
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

async function makeProject(server: RealServer, partly: Around, installed: string, mark: string): Promise<Project> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "offstage-real-")));
  mkdirSync(join(folder, "notes"));
  writeFileSync(join(folder, "notes/hello.txt"), "Hello, files\n");
  writeFileSync(join(folder, "kubeconfig.yaml"), KUBECONFIG);
  const git = (...args: readonly string[]): void => void execFileSync("git", ["-C", folder, "-c", "user.name=Ana", "-c", "user.email=ana@example.com", ...args], { stdio: "ignore" });
  git("init", "--quiet");
  git("add", "notes");
  git("commit", "--quiet", "-m", "The first commit");
  const http = server.url === undefined ? null : await startOverHttp();
  const around: Surroundings = { ...partly, folder, port: http?.port ?? 0 };
  const launch = server.launch?.(around) ?? {};
  const [command, ...first] = commandOf(server, installed);
  const entry = { command, args: [...first, ...(launch.args ?? [])], env: environment(launch, mark) };
  const address = server.url?.(around);
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: { [server.name]: address === undefined ? entry : { url: address, headers: server.headers?.(around) ?? {} } } }));
  // That they only read is known here, not believed: nothing else is called.
  writeFileSync(join(folder, "offstage.yaml"), JSON.stringify({ version: 1, policy: { classes: server.asks.map(({ tool }) => ({ server: server.name, tool, effect: "read" })) } }));
  mkdirSync(join(folder, "workflows"));
  writeFileSync(join(folder, "tsconfig.json"), readFileSync(join(ROOT, "demo/project/tsconfig.json")));
  return { around, ready: http === null ? Promise.resolve() : http.start(entry, folder), stop: async () => http?.stop() };
}

function environment({ env = {}, redirect }: Launch, mark: string): Readonly<Record<string, string>> {
  const rest = redirect === undefined ? {} : redirected(redirect.from, redirect.to);
  return { ...env, ...rest, [MARK_VARIABLE]: mark };
}

interface Locked {
  readonly servers: Readonly<Record<string, { readonly protocol: { readonly era: string; readonly revision: string }; readonly tools: object }>>;
}

async function lockTwice({ startFails }: RealServer, { around: { folder } }: Project, found: Mutable<Found>): Promise<void> {
  const first = await offstage(folder, "lock");
  if (startFails !== undefined) {
    if (first.code === 1 && startFails.test(first.out)) return;
    throw new Error(`lock ended with ${first.code}: ${first.message}`);
  }
  if (first.code !== 0) throw new Error(`lock: ${first.message}`);
  const locked = (JSON.parse(readFileSync(join(folder, "offstage.lock"), "utf8")) as Locked).servers[found.name];
  if (locked === undefined) throw new Error("lock: the server is not in offstage.lock");
  found.era = locked.protocol.era;
  found.protocol = locked.protocol.revision;
  found.tools = Object.keys(locked.tools).length;
  const again = await offstage(folder, "lock", "--check");
  if (again.code !== 0) throw new Error(`lock --check is not quiet the second time: ${again.out}`);
}

async function askOne(server: RealServer, { around }: Project, { tool, args, answers, fails }: Ask, found: Mutable<Found>, faults: string[]): Promise<void> {
  const { code, out, message } = await offstage(around.folder, "call", `${server.name}.${tool}`, "--args", JSON.stringify(args(around)));
  const said = `${tool} ended with ${code}: ${code === 0 ? out.slice(0, 600) : message}`;
  if (answers !== undefined && code === 0 && answers.test(out)) found.answered = [...found.answered, tool];
  else if (fails !== undefined && code === 1 && fails.test(message) && !/\bBUG\b/.test(out)) found.refused = [...found.refused, tool];
  else faults.push(said);
}

/** The types compile, alone and in a workflow; one over a tool that answered runs. */
async function checkTypes(server: RealServer, { around }: Project, answered: string | undefined): Promise<void> {
  const ask = server.asks.find(({ tool }) => tool === answered) ?? server.asks[0];
  const call = ask === undefined ? "" : `await ${server.name}[${JSON.stringify(ask.tool)}](${JSON.stringify(ask.args(around))});`;
  writeFileSync(join(around.folder, "workflows/look.ts"), `import { workflow } from "offstage";\nimport { ${server.name} } from "#servers";\nexport default workflow({ name: "look", description: "Reads once.", on: [] }, async () => { ${call === "" ? `void ${server.name};` : call} });\n`);
  if (call !== "") {
    const checked = await offstage(around.folder, "check", "look");
    if (checked.code !== 0) throw new Error(`check: ${checked.out}`);
  }
  const tsc = runTypeScript(around.folder);
  if (tsc !== null) throw new Error(`types: ${tsc}`);
  if (answered === undefined) return;
  const ran = await offstage(around.folder, "run", "look");
  if (ran.code !== 0) throw new Error(`run: ${ran.out}`);
}

function runTypeScript(folder: string): string | null {
  try {
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder, "--skipLibCheck", "false"], { encoding: "utf8", stdio: "pipe" });
    return null;
  } catch (error) {
    return (error as { readonly stdout: string }).stdout.slice(0, 1_500);
  }
}

/** The real command line, in this process. */
async function offstage(cwd: string, ...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly message: string }> {
  const texts = { out: "", err: "" };
  const code = await runCommandLine([...argv, "--json"], {
    stdout: { write: (text) => (texts.out += text) },
    stderr: { write: (text) => (texts.err += text) },
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] }, cwd, signal: AbortSignal.timeout(COMMAND_MS),
  });
  return { code, out: texts.out, message: `${texts.out} ${texts.err}`.trim().slice(0, 1_500) };
}

/** A cluster that is not there. */
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: offstage-test
clusters: [{ name: offstage-test, cluster: { server: "http://127.0.0.1:1" } }]
contexts: [{ name: offstage-test, context: { cluster: offstage-test, user: nobody } }]
users: [{ name: nobody, user: {} }]
`;
