import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LINE_WIDTH, RULES_LEFT_OUT } from "offstage/exporters/python";

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const LIBRARY = fileURLToPath(new URL("../../packages/python/src", import.meta.url));

/** What the package that is exported asks of ruff and pyright. */
const SETTINGS = `
[tool.ruff]
target-version = "py311"
line-length = ${LINE_WIDTH}
[tool.ruff.lint]
ignore = ${JSON.stringify(RULES_LEFT_OUT)}
[tool.pyright]
typeCheckingMode = "strict"
pythonVersion = "3.11"
reportMissingModuleSource = false
`;

/** A folder of Python that its own tools look at. */
export interface PythonFolder {
  put(path: string, content: string | Uint8Array): void;
  /** What a tool says; empty when it found nothing. */
  ruff(): string;
  /** What `ruff format` would change. */
  format(): string;
  pyright(): string;
  /** What a script prints. */
  python(script: string): string;
  remove(): void;
}

/** Makes one. Its library is this repository's. */
export function pythonFolder(): PythonFolder {
  const folder = mkdtempSync(join(tmpdir(), "offstage-python-"));
  const put: PythonFolder["put"] = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  put("pyproject.toml", `${SETTINGS}extraPaths = [${JSON.stringify(LIBRARY)}]\n`);
  const run = (command: string, args: readonly string[]): { readonly status: number | null; readonly text: string } => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024, env: { ...process.env, PYTHONPATH: LIBRARY, PYTHONDONTWRITEBYTECODE: "1" } });
    return { status, text: `${error?.message ?? ""}${stdout}${stderr}` };
  };
  const said = (tool: string, args: readonly string[]): string => {
    const { status, text } = run(join(dirname(PYTHON), tool), args);
    return status === 0 ? "" : text.slice(0, 20_000);
  };
  return {
    put,
    ruff: () => said("ruff", ["check", "--no-cache", "--output-format", "concise", "."]),
    format: () => said("ruff", ["format", "--no-cache", "--diff", "."]),
    pyright: () => {
      const { status, text } = run(join(dirname(PYTHON), "pyright"), ["--pythonpath", PYTHON]);
      return status === 0 && /^0 errors, 0 warnings/m.test(text) && !text.includes("No source files") ? "" : text.slice(0, 20_000);
    },
    python: (script) => {
      const { status, text } = run(PYTHON, ["-c", script]);
      if (status !== 0) throw new Error(text);
      return text;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
