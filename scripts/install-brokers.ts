import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installOnDebian } from "./house/debian.ts";

/** Debian's packages, by the program that tests start. */
const PROGRAMS: Readonly<Record<string, string>> = { "redis-server": "redis-server", "nats-server": "nats-server" };

/** Imitates SQS; of PyPI, in a folder of its own. */
const MOTO = ["moto[sqs]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];
const FOLDER = fileURLToPath(new URL("../node_modules/.cache/offstage-moto", import.meta.url));

/** Before the tests of queues: installs the brokers that are not there. */
export function setup(): void {
  installOnDebian(Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program)).map(([, name]) => name));
  if (existsSync(join(FOLDER, "complete"))) return;
  process.stderr.write(`Installing ${MOTO.join(", ")} (pip) …\n`);
  rmSync(FOLDER, { recursive: true, force: true });
  if (!run("python3", "-m", "venv", FOLDER)) {
    installOnDebian(["python3-venv"]);
    if (!run("python3", "-m", "venv", FOLDER)) throw new Error("python3 -m venv does not work here: Python 3.9 or later is needed.");
  }
  const pip = join(FOLDER, "bin/pip");
  if (!run(pip, "install", "--quiet", "--disable-pip-version-check", ...MOTO)) throw new Error("moto could not be installed.");
  run("touch", join(FOLDER, "complete"));
}

function run(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function isOnPath(program: string): boolean {
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"].some((folder) => existsSync(join(folder, program)));
}
