import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createRedactor } from "offstage/base";
import { createServerPool, type ServerPool, type ServerSandbox } from "offstage/mcp";
import { resolveSandbox } from "../../apps/offstage/src/config/resolve-sandbox.ts";
import type { SandboxSettings } from "../../apps/offstage/src/config/sandbox-settings.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";

/** Of the repository: the server and what it imports are there. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** Does what it is told. */
export const SERVER = join(import.meta.dirname, "hostile-server.ts");

/** A home with secrets, settings of a system and a project in it, and the hostile server in its sandbox. */
export interface Cell {
  readonly home: string;
  readonly folder: string;
  readonly pool: ServerPool;
  /** What the server says that came of the code. */
  run(code: string): Promise<unknown>;
  /** The processes, of whatever namespace, whose command line names this cell. */
  processes(): readonly number[];
  close(): Promise<void>;
}

/** What is special about one. */
export interface CellOptions extends Partial<SandboxSettings> {
  /** Ours, besides PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** The server's. */
  readonly serverEnv?: Readonly<Record<string, string>>;
}

/** Makes one; nothing is started before it is first told to run something. */
export function openCell({ env = {}, serverEnv = {}, ...settings }: CellOptions = {}): Cell {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "offstage-cell-")));
  const folder = join(home, "project");
  for (const path of [".ssh", "settings", "project/data", "project/state", "project/.offstage"]) mkdirSync(join(home, path), { recursive: true });
  for (const path of [".ssh/id_ed25519", ".netrc", "settings/hosts", "settings/shadow", "project/.env", "project/.offstage/store.db", "project/notes.md"]) writeFileSync(join(home, path), "hunter2-hunter2");
  chmodSync(join(home, "settings/shadow"), 0o600);
  const ours = { PATH: process.env["PATH"] ?? "", HOME: home, ...env };
  const sandbox = sandboxOf({ home, folder }, settings);
  const pool = createServerPool({
    servers: [{ name: "hostile", kind: "stdio", command: process.execPath, args: ["--disable-warning=ExperimentalWarning", SERVER, home], env: serverEnv, cwd: folder, sandbox }],
    clock: realClock, redactor: createRedactor(), inheritedEnv: ours, clientVersion: "0.0.0", connectTimeoutMs: 60_000,
    onStderr: (_server, line) => process.env["SANDBOX_DEBUG"] !== undefined && void process.stderr.write(`${line}\n`),
  });
  return {
    home, folder, pool,
    async run(code) {
      const reply = await (await pool.session("hostile")).call("run", { code }, { timeoutMs: 30_000 });
      if (reply.kind === "error") throw new Error(`${reply.error.code}: ${reply.error.message}`);
      const block = reply.content[0];
      return JSON.parse(block?.type === "text" ? String(block.text) : "null") as unknown;
    },
    processes: () => processesOf(home),
    async close() {
      await pool.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** What settings make of a cell's sandbox. */
export function sandboxOf({ home, folder }: Pick<Cell, "home" | "folder">, settings: Partial<SandboxSettings>): ServerSandbox {
  const sandbox = resolveSandbox({ name: "hostile" }, { write: ["data"], hosts: [], ...settings, read: [ROOT, ...(settings.read ?? [])] }, { env: { PATH: process.env["PATH"] ?? "", HOME: home }, folder, platform: process.platform, dotEnv: [".env"], kept: ["state/store.db", "state/store.db-wal", "root.db", "root.db-wal"].map((path) => join(folder, path)), writable: [], interpreters: [] });
  // As the settings of the system are, which a test does not change.
  return { ...sandbox, readable: [...sandbox.readable, join(home, "settings")], guarded: [...sandbox.guarded, join(home, "settings")] };
}

/** The processes of this machine, ours not, whose command line has a text. */
export function processesOf(text: string): readonly number[] {
  return readdirSync("/proc").map(Number).filter((pid) => pid > 0 && pid !== process.pid && commandLine(pid).includes(text));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
