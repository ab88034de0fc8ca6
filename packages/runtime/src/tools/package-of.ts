import { scriptOf } from "./script-of.ts";

/** The published package that a server's command runs. */
export interface ServerPackage {
  readonly registry: "npm" | "pypi" | "oci";
  readonly name: string;
  /** As written in the command (`2025.4.8`, `1`, `latest`); null when it does not say. */
  readonly version: string | null;
  /** A runner gets it (`npx`, `uvx`, `docker`); else it is run from the `node_modules` where it lies. */
  readonly fetched: boolean;
}

/** The part of a server's configuration that says what runs. */
export interface ServerCommand {
  readonly command: string;
  readonly args?: readonly string[];
}

/**
 * Which package a command runs: `npx -y pkg@ver`, `npm exec`, `pnpm dlx`, `bunx`, `node …/node_modules/pkg/dist/index.js`,
 * `uvx pkg`, `pipx run`, `docker run … image:tag`, also behind `cmd /c`. null when the command does not tell: a path of
 * its own, a shell line, a URL. Reads the text only; nothing is looked up.
 */
export function packageOf(server: ServerCommand): ServerPackage | null {
  const args = server.args ?? [];
  const command = programName(server.command);
  const [first = "", ...others] = args;
  switch (command) {
    case "cmd":
      return /^\/c$/i.test(first) && others[0] !== undefined ? packageOf({ command: others[0], args: others.slice(1) }) : null;
    case "npx":
    case "bunx":
    case "pnpx":
      return fromRunner(args, NPM_FLAGS);
    case "npm":
      return first === "exec" || first === "x" ? fromRunner(others, NPM_FLAGS) : null;
    case "pnpm":
    case "yarn":
      return first === "dlx" || first === "exec" ? fromRunner(others, NPM_FLAGS) : null;
    case "bun":
      return first === "x" ? fromRunner(others, NPM_FLAGS) : fromPath(scriptOf(command, args));
    case "node":
    case "tsx":
    case "deno":
      return fromPath(scriptOf(command, args));
    case "uvx":
      return fromPython(args);
    case "uv":
      return first === "tool" && others[0] === "run" ? fromPython(others.slice(1)) : null;
    case "pipx":
      return first === "run" ? fromPython(others) : null;
    case "docker":
    case "podman":
      return first === "run" ? fromImage(others) : null;
    default:
      return fromPath(server.command);
  }
}

/** Flags that name the package, and those that take a value which is not it. */
interface RunnerFlags {
  readonly named: ReadonlySet<string>;
  readonly valued: ReadonlySet<string>;
}

const NPM_FLAGS: RunnerFlags = { named: new Set(["-p", "--package"]), valued: new Set(["--cache", "--prefix", "--registry", "--loglevel", "-w", "--workspace", "--userconfig"]) };
const PYTHON_FLAGS: RunnerFlags = { named: new Set(["--from", "--spec"]), valued: new Set(["--with", "--python", "-p", "--index-url", "--index", "--directory", "--cache-dir", "--env-file"]) };
const DOCKER_FLAGS: RunnerFlags = {
  named: new Set(),
  valued: new Set(["-e", "--env", "--env-file", "-v", "--volume", "--mount", "--name", "-p", "--publish", "--network", "--net", "-u", "--user", "-w", "--workdir", "--entrypoint", "--platform", "-l", "--label", "-m", "--memory", "--cpus", "--add-host", "--pull"]),
};

/** What is run: the value of a naming flag, else the first word that is no flag. */
function subjectOf(args: readonly string[], flags: RunnerFlags): string | null {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const [flag = "", value] = arg.split(/=(.*)/s);
    if (flags.named.has(flag)) return value ?? args[index + 1] ?? null;
    if (flags.valued.has(arg)) index++;
    else if (arg === "--") return args[index + 1] ?? null;
    else if (!arg.startsWith("-")) return arg;
  }
  return null;
}

function fromRunner(args: readonly string[], flags: RunnerFlags): ServerPackage | null {
  const match = /^((?:@[\w.~-]+\/)?[\w.~-]+)(?:@(.+))?$/.exec(subjectOf(args, flags) ?? "");
  const name = match?.[1];
  return name === undefined || name.startsWith(".") ? null : { registry: "npm", name, version: match?.[2] ?? null, fetched: true };
}

/** A script in somebody's node_modules: the innermost one names the package. */
function fromPath(script: string | null): ServerPackage | null {
  const path = script?.replaceAll("\\", "/") ?? "";
  const inside = /(?:^|\/)node_modules\//.test(path) ? (path.split(/(?:^|\/)node_modules\//).at(-1) ?? "") : "";
  const name = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?=\/)/.exec(inside)?.[0];
  return name === undefined ? null : { registry: "npm", name, version: null, fetched: false };
}

function fromPython(args: readonly string[]): ServerPackage | null {
  const match = /^([A-Za-z0-9][\w.-]*)(?:\[[\w,.-]*\])?(?:(?:==|@)(.+))?$/.exec(subjectOf(args, PYTHON_FLAGS) ?? "");
  const name = match?.[1];
  return name === undefined ? null : { registry: "pypi", name: name.toLowerCase().replace(/[-_.]+/g, "-"), version: match?.[2] ?? null, fetched: true };
}

function fromImage(args: readonly string[]): ServerPackage | null {
  const match = /^([\w.-]+(?::\d+(?=\/))?(?:\/[\w.-]+)*)(?::([\w.-]+))?(?:@sha256:[0-9a-f]+)?$/.exec(subjectOf(args, DOCKER_FLAGS) ?? "");
  const name = match?.[1];
  return name === undefined ? null : { registry: "oci", name, version: match?.[2] ?? null, fetched: true };
}

/** `C:\\Program Files\\nodejs\\npx.cmd` and `/usr/bin/npx` are `npx`. */
function programName(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? "").replace(/\.(?:exe|cmd|bat|ps1)$/i, "").toLowerCase();
}
