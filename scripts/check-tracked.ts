// Fails when a tracked file names the machine it was written on, or the lock names a registry: a clone has to work anywhere.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { findTraces, type Trace } from "./house/machine-traces.ts";

const root = join(import.meta.dirname, "..");
const machine: readonly Trace[] = [
  { what: "the path of this clone", text: `${root}/` },
  { what: "the folder of this clone", text: `${join(root, "..")}/` },
  { what: "the home of this user", text: `${homedir()}/` },
  { what: "the name of this machine", text: hostname() },
];
const registry = registryHost();
const traces = registry === null ? machine : [...machine, { what: "the registry of this machine", text: registry }];

const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter((path) => path !== "");
const found = files.flatMap((path) => findTraces(path, readFileSync(join(root, path), "utf8"), traces));
for (const line of found) console.error(line);
console.log(`${files.length} tracked files looked at, ${found.length} traces of a machine`);
process.exitCode = found.length === 0 ? 0 : 1;

/** npm tells its scripts which registry it uses; the public one says nothing about a machine. */
function registryHost(): string | null {
  const url = process.env["npm_config_registry"];
  const host = url === undefined || !URL.canParse(url) ? null : new URL(url).host;
  return host === "registry.npmjs.org" ? null : host;
}
