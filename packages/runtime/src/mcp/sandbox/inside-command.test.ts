import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { insideCommand, outsideEnv } from "./inside-command.ts";

/** What the server would be started with, told by a server that tells it. */
function started(args: readonly string[], env: Readonly<Record<string, string>>): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly told: string } {
  const command = insideCommand({ command: process.execPath, args: ["-e", "process.stdout.write(JSON.stringify({ args: process.argv.slice(1), env: process.env }))", "--", ...args], env }, "linux");
  const end = spawnSync("/bin/bash", ["-c", command], { env: outsideEnv(env), stdio: ["ignore", "pipe", "inherit", "pipe"], encoding: "utf8" });
  return { ...(JSON.parse(end.stdout) as { args: string[]; env: Record<string, string> }), told: end.output[3] ?? "" };
}

test("a server gets its arguments and variables to the letter, and is said to run", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")), { maxLength: 3 }), fc.string().filter((text) => !text.includes("\0")), (args, value) => {
      const end = started(args, { A: value, LD_LIBRARY_PATH: "/no'where", PATH: process.env["PATH"] ?? "" });
      expect(end).toMatchObject({ args, told: "ok", env: { A: value, LD_LIBRARY_PATH: "/no'where", TMPDIR: "/tmp", NODE_USE_ENV_PROXY: "1", NO_PROXY: "" } });
    }),
    { numRuns: 8 },
  );
});

test("what shells, loaders and the sandbox follow does not act outside of it", () => {
  const env = { LD_PRELOAD: "x.so", BASH_ENV: "x.sh", "BASH_FUNC_exec%%": "() { :; }", NODE_OPTIONS: "--import x", PATH: "/evil", SRT_ALLOW_NESTED_USERNS: "1", CLAUDE_TMPDIR: "/x", https_proxy: "http://x", TOKEN: "t" };
  expect(outsideEnv(env)).toEqual({ TOKEN: "t" });
  const inside = insideCommand({ command: "x", args: [], env }, "linux");
  expect(inside).toContain("export LD_PRELOAD='x.so'");
  expect(inside).not.toMatch(/FUNC|https_proxy|TOKEN/);
});
