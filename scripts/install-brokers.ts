import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installOnDebian } from "./house/debian.ts";

/** Debian's packages, by the program that tests start. */
const PROGRAMS: Readonly<Record<string, string>> = { "redis-server": "redis-server", "nats-server": "nats-server" };

/** Imitates SQS; of PyPI, in a folder of its own. */
const MOTO = ["moto[sqs]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];
const FOLDER = fileURLToPath(new URL("../node_modules/.cache/offstage-moto", import.meta.url));

/** Google's fake of Pub/Sub, which is a package of its Go client: a program around it. */
const PSTEST = "cloud.google.com/go/pubsub/v2/pstest@v2.9.0";
const PSTEST_FOLDER = fileURLToPath(new URL("../node_modules/.cache/offstage-pstest", import.meta.url));
const PSTEST_MAIN = `package main

import (
	"os"
	"strconv"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	port, _ := strconv.Atoi(os.Args[1])
	pstest.NewServerWithPort(port)
	select {}
}
`;

/** Before the tests of queues: installs the brokers that are not there. */
export function setup(): void {
  installOnDebian(Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program)).map(([, name]) => name));
  if (!existsSync(join(FOLDER, "complete"))) installMoto();
  if (!existsSync(join(PSTEST_FOLDER, "pstest"))) buildPstest();
  process.stderr.write("The fakes of SQS and Pub/Sub keep nothing when they are killed: that of a broker is tried with Redis and NATS only, and skipped for these.\n");
}

function installMoto(): void {
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

function buildPstest(): void {
  const go = ["go", "/usr/local/go/bin/go"].find((program) => spawnSync(program, ["version"]).status === 0);
  if (go === undefined) return void process.stderr.write("Google Pub/Sub is NOT tested: its fake is made by Go 1.24 or later, which is not here.\n");
  process.stderr.write(`Building ${PSTEST} (go) …\n`);
  rmSync(PSTEST_FOLDER, { recursive: true, force: true });
  mkdirSync(PSTEST_FOLDER, { recursive: true });
  writeFileSync(join(PSTEST_FOLDER, "main.go"), PSTEST_MAIN);
  for (const step of [["mod", "init", "pstest"], ["get", PSTEST], ["build", "-o", "pstest", "."]]) {
    if (spawnSync(go, step, { cwd: PSTEST_FOLDER, stdio: ["ignore", "ignore", "pipe"] }).status !== 0) throw new Error(`go ${step.join(" ")} failed in ${PSTEST_FOLDER}.`);
  }
}

function run(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function isOnPath(program: string): boolean {
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"].some((folder) => existsSync(join(folder, program)));
}
