import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** A real PostgreSQL with nothing in it, on loopback; gone when it is stopped. */
export interface PostgresServer {
  /** With its owner's password: `postgresql://offstage:…@127.0.0.1:…/postgres`. */
  readonly url: string;
  /** Runs SQL and gives back its rows as lines, columns parted by `|`. Throws with what psql says. */
  query(sql: string): string;
  /** Kills it, as a power cut would. */
  crash(): Promise<void>;
  /** Starts it again, at the same place, with what it had on its disk. */
  restart(): Promise<void>;
  /** Starts one that follows it, and that takes its place when it is promoted. */
  standby(): Promise<StandbyServer>;
  /** Ends it at once, whoever is connected, and removes its files. */
  stop(): Promise<void>;
}

/** A server that follows another one. */
export interface StandbyServer extends PostgresServer {
  /** Makes it a primary; resolves when it takes writes. */
  promote(): void;
}

const PROGRAMS = ["initdb", "postgres", "psql", "pg_basebackup", "pg_ctl"];
const START_MS = 60_000;
const ATTEMPTS = 50;
const ATTEMPT_MS = 100;
const OWNER = "offstage";
/** Not a secret: nobody else reaches the cluster, and nothing is in it. */
const PASSWORD = "throw-away";

/** The folder of PostgreSQL's programs: on the path, else the newest where Debian and its like put them. Null when there is none. */
export function findPostgres(): string | null {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`)];
  return folders.find((folder) => PROGRAMS.every((program) => existsSync(join(folder, program)))) ?? null;
}

/** Starts one with `env` in the environment of its processes. It runs as somebody else where this process is root's, because it refuses root. */
export async function startPostgres(env: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  return startServer(env, ({ run, folder, data, user }) => {
    const password = join(folder, "password");
    writeFileSync(password, PASSWORD);
    if (user !== null) chownSync(password, user.uid, user.gid);
    run("initdb", ["--pgdata", data, "--username", OWNER, "--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"]);
  });
}

interface Making {
  readonly folder: string;
  readonly data: string;
  readonly user: { readonly uid: number; readonly gid: number } | null;
  readonly run: (program: string, args: readonly string[]) => void;
}

/** Starts a server on the files that `make` puts in their place. */
async function startServer(env: Readonly<Record<string, string>>, make: (making: Making) => void): Promise<StandbyServer> {
  const programs = findPostgres();
  if (programs === null) throw new Error("There is no PostgreSQL here: initdb, postgres and psql are needed, on the PATH or where Debian puts them (apt-get install postgresql).");
  const folder = mkdtempSync(join(tmpdir(), "offstage-postgres-"));
  const user = unprivileged();
  const data = join(folder, "data");
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const around = { cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C", ...env }, ...user };
  const run: Making["run"] = (program, args) => void execFileSync(join(programs, program), args, { ...around, stdio: ["ignore", "ignore", "pipe"] });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", "fsync=off", "logging_collector=off"];
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(join(programs, "postgres"), ["-D", data, ...settings.flatMap((one) => ["-c", one])], { ...around, stdio: ["ignore", "ignore", "pipe"] });
    await ready(started);
    return started;
  };
  let server: ChildProcess;
  try {
    make({ folder, data, user, run });
    server = await start();
  } catch (error) {
    remove();
    throw error;
  }
  const url = `postgresql://${OWNER}:${PASSWORD}@127.0.0.1:${port}/postgres`;
  return {
    url,
    query: (sql) => execFileSync(join(programs, "psql"), ["-XAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trimEnd(),
    crash: () => ended(server, "SIGKILL"),
    async restart() {
      server = await startAgain(start);
    },
    standby: () => startServer(env, (standby) => standby.run("pg_basebackup", ["--pgdata", standby.data, "--dbname", url, "--write-recovery-conf", "--no-sync", "--checkpoint", "fast"])),
    promote: () => run("pg_ctl", ["promote", "--pgdata", data, "--wait"]),
    async stop() {
      await ended(server, "SIGINT");
      remove();
    },
  };
}

/** Its processes outlive a killed one for a moment, and hold its memory. */
async function startAgain(start: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await wait(ATTEMPT_MS);
    }
  }
}

/** Whom to be instead of root; null when this process is not root's. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (what: "-u" | "-g", name: string): number => Number(execFileSync("id", [what, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { uid: id("-u", "postgres"), gid: id("-g", "postgres") };
  } catch {
    return { uid: id("-u", "nobody"), gid: id("-g", "nobody") };
  }
}

/** Resolves when it takes connections; its log tells. */
function ready(server: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`PostgreSQL did not start in ${START_MS / 1000} s:\n${said}`)), START_MS);
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000);
      if (!/database system is ready to accept (read-only )?connections/.test(said)) return;
      clearTimeout(tooLate);
      resolve();
    });
    server.once("error", reject).once("exit", (code) => {
      clearTimeout(tooLate);
      reject(new Error(`PostgreSQL ended with ${code ?? "a signal"}:\n${said}`));
    });
  });
}

/** SIGINT is its "fast shutdown": connections are dropped, its own processes end with it. */
function ended(server: ChildProcess, signal: "SIGINT" | "SIGKILL"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return Promise.resolve();
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill(signal);
  return gone;
}
