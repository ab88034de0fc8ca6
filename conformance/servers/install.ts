import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Origin, RealServer } from "./real-server.ts";

/** The longest that one installer may take. */
const INSTALL_MS = 330_000;

/** Installs every server with its exact version below `folder`, side by side; what is there already is kept. Throws with the installer's last words. */
export async function installServers(servers: readonly RealServer[], folder: string, say: (line: string) => void): Promise<void> {
  const origins = servers.map(({ from }) => from);
  await Promise.all([
    ...roomsOf(origins, "npm").map((room) => once(join(folder, "npm", room), packagesOf(origins, "npm", room), say, installNpm)),
    ...roomsOf(origins, "pypi").map((room) => once(join(folder, "python", room), packagesOf(origins, "pypi", room), say, installPython)),
    ...packagesOf(origins, "go").map((one) => once(join(folder, "go", one.replaceAll("/", "+")), [one], say, installGo)),
  ]);
}

/** The command that runs an installed server, without its own arguments. */
export function commandOf({ from, entry }: RealServer, folder: string): readonly [command: string, ...args: string[]] {
  switch (from.kind) {
    case "npm":
      return [process.execPath, join(folder, "npm", from.room, "node_modules", from.package, entry)];
    case "pypi":
      return [join(folder, "python", from.room, "bin", entry)];
    case "go":
      return [join(folder, "go", `${from.package}@${from.version}`.replaceAll("/", "+"), entry)];
  }
}

function roomsOf(origins: readonly Origin[], kind: Origin["kind"]): readonly string[] {
  return [...new Set(origins.flatMap((one) => (one.kind === kind && one.kind !== "go" ? [one.room] : [])))];
}

function packagesOf(origins: readonly Origin[], kind: Origin["kind"], room?: string): readonly string[] {
  return [...new Set(origins.filter((one) => one.kind === kind && (one.kind === "go" || one.room === room)).flatMap((one) => (one.kind === "pypi" ? [`${one.package}==${one.version}`, ...one.also] : [`${one.package}@${one.version}`])))].toSorted();
}

/** Makes a folder anew when it is not of exactly these packages: a stamp is written last, so half an install is none. */
async function once(folder: string, packages: readonly string[], say: (line: string) => void, install: (folder: string, packages: readonly string[]) => Promise<void>): Promise<void> {
  const stamp = join(folder, ".installed");
  const wanted = createHash("sha256").update(`${process.platform} ${process.arch} ${packages.join(" ")}`).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const began = performance.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say(`installing ${packages.join(", ")} …`);
  await install(folder, packages);
  writeFileSync(stamp, wanted);
  say(`installed ${packages.length === 1 ? packages[0] : `${packages.length} packages`} (${Math.round((performance.now() - began) / 1000)} s)`);
}

/** Scripts of packages are not run: no server needs them, and some download browsers. */
async function installNpm(folder: string, packages: readonly string[]): Promise<void> {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: Object.fromEntries(packages.map((one) => [one.slice(0, one.lastIndexOf("@")), one.slice(one.lastIndexOf("@") + 1)])) }));
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
}

async function installPython(folder: string, packages: readonly string[]): Promise<void> {
  await run("python3", ["-m", "venv", "."], folder);
  await run("bin/pip", ["install", "--quiet", "--disable-pip-version-check", "--prefer-binary", ...packages], folder);
}

/** Built where the module lies, with its own go.sum: `go install` would ask for a list of versions that not every proxy has. */
async function installGo(folder: string, [module = ""]: readonly string[]): Promise<void> {
  const { Dir: source } = JSON.parse(await run("go", ["mod", "download", "-json", module], folder)) as { readonly Dir: string };
  const program = /([^/]+)@/.exec(module)?.[1] ?? "";
  await run("go", ["build", "-o", join(folder, program), "-ldflags", "-s -w", `./cmd/${program}`], source);
}

function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: INSTALL_MS });
  let out = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2_000)));
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${command} is needed for this and could not be started: ${error.message}`)));
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(new Error(`${command} ${args.join(" ")} ended with ${code ?? "a signal"}:\n${said}`))));
  });
}
