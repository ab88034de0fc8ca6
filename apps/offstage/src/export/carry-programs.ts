import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BundleFile } from "offstage/bundle";
import { createCompileCache } from "../project/compile-cache.ts";
import { createProjectCompiler } from "../project/compile.ts";
import type { Project } from "../project/load-project.ts";

/**
 * The text of `offstage.program.json`: what the compiler makes of the files of an exported project, by the keys under which whoever opens that project will ask for it.
 */
export async function carryPrograms(files: readonly BundleFile[], { settings, servers }: Pick<Project, "settings" | "servers">, workflows: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-export-"));
  try {
    for (const { path, content } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const made = new Map<string, unknown>();
    const compiler = createProjectCompiler({ folder, settings, servers }, createCompileCache(folder, { packed: true, made: (key, one) => void made.set(key, one) }));
    const types = await compiler.types();
    for (const workflow of workflows) await compiler.check(workflow, types);
    return `${JSON.stringify({ version: 1, made: Object.fromEntries(made) })}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
