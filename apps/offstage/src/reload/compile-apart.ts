import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { OffstageError, shorten } from "offstage/base";
import { nodeArguments } from "../apart/node-arguments.ts";
import type { Environment } from "../config/environment.ts";
import { createCompileCache, NotCompiledError } from "../project/compile-cache.ts";
import { type CompiledProject, createProjectCompiler, type ProjectCompiler } from "../project/compile.ts";
import type { CompiledParts, CompileWork } from "./compile-all.ts";

/** How the process that compiles is started. */
export interface ApartOptions {
  readonly env: Environment;
  /** Aborted when nobody needs it any more: it is killed. */
  readonly signal: AbortSignal;
  /** Node's path. */
  readonly node?: string;
}

/** Long enough for hundreds of workflows on a slow machine. */
const TIMEOUT_MS = 300_000;
/** UTF-16 units of what it complained that are told. */
const COMPLAINT = 300;
/** All that it needs; no secret is there. */
const VARIABLES = ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "SystemRoot", "NODE_COMPILE_CACHE"];

/**
 * Works with a compiler that is not loaded into this process, where its 100 MB would stay: what is not in the project's cache is compiled in another one first, which ends. Errors: those of
 * `use`, and `COMPILE_FAILED` when that process did not do its work, or files change faster than they are compiled.
 */
export async function withCompilerApart<T>(project: CompiledProject, names: () => readonly string[], options: ApartOptions, use: (compiler: ProjectCompiler) => Promise<T>): Promise<T> {
  const over = (known?: ReadonlyMap<string, unknown>): Promise<T> => use(createProjectCompiler(project, createCompileCache(project.folder, { makes: false, ...(known === undefined ? {} : { known }) })));
  try {
    return await over();
  } catch (error) {
    if (!(error instanceof NotCompiledError)) throw error;
  }
  const { folder, settings: { classes, policy } } = project;
  const parts = await compileApart({ folder, settings: { classes, policy }, names: names() }, options);
  try {
    return await over(new Map(parts));
  } catch (error) {
    if (!(error instanceof NotCompiledError)) throw error;
    throw new OffstageError("COMPILE_FAILED", "What was compiled is not of the files as they are now.", { hint: "They changed meanwhile, and are looked at again; or Offstage itself was replaced, then start it anew." });
  }
}

async function compileApart(work: CompileWork, { env, signal, node = process.execPath }: ApartOptions): Promise<CompiledParts> {
  const { flags, entry, module } = nodeArguments("reload/compile-all");
  const child = spawn(node, [...flags, entry, module], {
    cwd: work.folder, signal, killSignal: "SIGKILL", timeout: TIMEOUT_MS, stdio: "pipe", windowsHide: true,
    env: Object.fromEntries(VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  });
  const ended = new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(`it could not be started: ${error.message}`));
    child.once("close", (code, by) => resolve(code === 0 ? null : `it ended with ${by ?? `exit code ${code}`}`));
  });
  // One that is gone already reads nothing.
  child.stdin.on("error", () => undefined).end(JSON.stringify(work));
  const [why, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  signal.throwIfAborted();
  if (why === null) return JSON.parse(out) as CompiledParts;
  const said = err.trim().split("\n")[0] ?? "";
  throw new OffstageError("COMPILE_FAILED", `The process that compiles failed: ${why}.${said === "" ? "" : ` It says: ${shorten(said, COMPLAINT)}`}`, { hint: "It needs about 250 MB for a few seconds. `offstage check` compiles in the same way." });
}
