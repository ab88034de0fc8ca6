/**
 * Everything about the Python package: linters, types, tests, and what only both languages together can show. Makes a virtual environment under `.tools/python`
 * from the Python on the path, once for each set of versions.
 *
 * `npm run test:python`; `-- --only pytest,vitest` runs these steps, `-- --cases 100000` makes so many generated cases a suite, `--seed 7` those of this seed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findPostgres } from "../../packages/runtime/src/testing/postgres.ts";
import { installOnDebian } from "../house/debian.ts";
import { writeVectors } from "./vectors.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = join(ROOT, "packages/python");
const PLACE = join(ROOT, ".tools/python");
/** What CI generates; the sum of what a bug needs to be seen and of what a landing may wait for. */
const CASES = 1_500;
/** The package's own needs, its extras, and what tests it. */
const REQUIREMENTS = ["mcp==2.3.0", "google-re2==1.1.20251105", "psycopg[binary]==3.3.9", "redis==8.1.0", "opentelemetry-sdk==1.45.2", "opentelemetry-exporter-otlp-proto-http==1.45.2", "pytest==9.2.0", "pytest-xdist==3.8.0", "pyright==1.1.414", "ruff==0.17.6", "hypothesis==6.170.17"];

const { values } = parseArgs({ options: { only: { type: "string" }, cases: { type: "string", default: String(CASES) }, seed: { type: "string" } } });
/** Vectors are others each time; what generated workflows and expressions mean is asked of new ones by hand. */
const seed = values.seed ?? String(Date.now() % 1_000_000);
const bin = (name: string): string => join(PLACE, process.platform === "win32" ? "Scripts" : "bin", name);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function run(command: string, args: readonly string[], more: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {}): boolean {
  const { status, error } = spawnSync(command, args, { cwd: more.cwd ?? PACKAGE, stdio: "inherit", env: { ...process.env, NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1", ...more.env } });
  if (error !== undefined) say(`${command}: ${error.message}`);
  return status === 0;
}

/** Makes the environment when it is not there, or was made for other versions. False where that is not possible. */
function install(): boolean {
  const stamp = createHash("sha256").update(JSON.stringify(REQUIREMENTS)).digest("hex");
  const mark = join(PLACE, "offstage-stamp");
  if (existsSync(mark) && readFileSync(mark, "utf8") === stamp) return true;
  const python = ["python3", "python"].find((name) => spawnSync(name, ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))"]).status === 0);
  if (python === undefined) {
    say("Python 3.11 or later with its module venv has to be on the PATH (Debian: apt-get install python3-venv).");
    return false;
  }
  say(`making ${PLACE} …`);
  rmSync(PLACE, { recursive: true, force: true });
  if (!run(python, ["-m", "venv", PLACE], { cwd: ROOT }) || !run(bin("python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...REQUIREMENTS])) return false;
  writeFileSync(mark, stamp);
  return true;
}

const vectors = mkdtempSync(join(tmpdir(), "offstage-vectors-"));
const environment = { OFFSTAGE_VECTORS: vectors, OFFSTAGE_PYTHON: bin("python"), PYTHONPATH: join(PACKAGE, "src"), OFFSTAGE_CASES: values.cases, ...(values.seed === undefined ? {} : { OFFSTAGE_SEED: values.seed }) };
const STEPS: Readonly<Record<string, () => boolean | Promise<boolean>>> = {
  ruff: () => run(bin("ruff"), ["check", "."]) && run(bin("ruff"), ["format", "--check", "."]),
  pyright: () => run(bin("pyright"), ["--pythonpath", bin("python")]),
  async pytest() {
    const count = await writeVectors(vectors, { cases: Number(values.cases), seed: Number(seed) });
    say(`${count} vectors from TypeScript (seed ${seed})`);
    // As many files at a time as there are cores: half of the time a test waits for processes that it started.
    return run(bin("python"), ["-m", "pytest", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile"], { env: environment });
  },
  vitest: () => run(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--config", "vitest.python.config.ts"], { cwd: ROOT, env: environment }),
};

const asked = values.only?.split(",") ?? Object.keys(STEPS);
const failed: string[] = [];
try {
  // Stores are tested over a real one too: this machine's, else Debian's package, which root may install.
  if (findPostgres() === null) installOnDebian(["postgresql"]);
  // And queues over a real broker.
  if (!["/usr/bin/redis-server", "/usr/local/bin/redis-server"].some((program) => existsSync(program))) installOnDebian(["redis-server"]);
  if (!install()) failed.push("install");
  else for (const name of asked) {
    say(`--- ${name}`);
    if ((await STEPS[name]?.()) !== true) failed.push(name);
  }
} finally {
  rmSync(vectors, { recursive: true, force: true });
}
say(failed.length === 0 ? `Python: ${asked.join(", ")} passed` : `Python: failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
