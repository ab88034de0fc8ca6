import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { serverProgram } from "../../../../packages/runtime/src/testing/test-servers.ts";
import { runCommandLine } from "../main.ts";

/** How a command line ended. */
export interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project in a folder of its own, for tests of commands. */
export interface TestProject {
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs a command line in this process. */
  run(...argv: readonly string[]): Promise<CommandEnd>;
  remove(): void;
}

/** `env` is what its commands see besides PATH. */
export function createTestProject(files: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): TestProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "offstage-cli-")));
  const project: TestProject = {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    async run(...argv) {
      const texts = { out: "", err: "" };
      const code = await runCommandLine(argv, {
        stdout: { write: (text) => (texts.out += text) },
        stderr: { write: (text) => (texts.err += text) },
        env: { PATH: process.env["PATH"], ...env }, cwd: folder, signal: new AbortController().signal,
      });
      return { code, ...texts };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  return project;
}

/** An `mcp.json` with the small real server of the library's tests. */
export function workshopConfig(): string {
  return JSON.stringify({ mcpServers: { workshop: { command: process.execPath, args: serverProgram("workshop") } } });
}
