import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSettings } from "../config/settings.ts";
import { withCompilerApart } from "./compile-apart.ts";

test("a process that compiles and fails is told of, with what it said", async () => {
  const folder = mkdtempSync(join(tmpdir(), "offstage-apart-"));
  mkdirSync(join(folder, "workflows"));
  writeFileSync(join(folder, "workflows/a.ts"), "");
  const parsed = parseSettings(null, folder);
  if (!parsed.ok) throw new Error("no settings are good settings");
  const compile = (node: string): Promise<unknown> => withCompilerApart({ folder, settings: parsed.settings }, () => ["a"], { env: {}, signal: new AbortController().signal, node }, async (compiler) => compiler.check("a", await compiler.types()));
  await expect(compile("/bin/false")).rejects.toMatchObject({ code: "COMPILE_FAILED", message: "The process that compiles failed: it ended with exit code 1." });
  await expect(compile("/nowhere/node")).rejects.toMatchObject({ code: "COMPILE_FAILED", message: expect.stringContaining("it could not be started") as unknown });
  rmSync(folder, { recursive: true });
});
