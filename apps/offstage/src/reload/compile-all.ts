import { json } from "node:stream/consumers";
import { createCompileCache } from "../project/compile-cache.ts";
import { createProjectCompiler } from "../project/compile.ts";
import type { CompiledProject } from "../project/compile.ts";

/** What is to be compiled. */
export interface CompileWork extends Pick<CompiledProject, "folder" | "settings"> {
  /** Of workflows. */
  readonly names: readonly string[];
}

/** What was not in the cache and was made, by its key; what is wrong with a text is part of what was made of it. */
export type CompiledParts = readonly (readonly [key: string, made: unknown])[];

const { names, ...project } = (await json(process.stdin)) as CompileWork;
const parts: [string, unknown][] = [];
const compiler = createProjectCompiler(project, createCompileCache(project.folder, { made: (key, made) => void parts.push([key, made]) }));
try {
  const types = await compiler.types();
  for (const name of names) await compiler.check(name, types);
} catch {
  // Whoever asked looks at the same files with what was made so far, and says what is wrong.
}
process.stdout.write(JSON.stringify(parts));
