import type { Diagnostic } from "../base/index.ts";
import { importedNames } from "./imported-names.ts";
import { guardSource } from "./source-guard.ts";
import type { Callee, Imported } from "./lower/callee.ts";

/** A workflow module, lowered, with what those who call it must know. */
export type CompiledModule = Callee;

/** A module that may import others. */
export interface ModuleSource {
  readonly file: string;
  readonly source: string;
  readonly module?: (name: string) => string | null;
}

/** Compiles one module whose imports are known. `modules` are the texts of all modules that it leads to. */
export type CompileModule<Input extends ModuleSource> = (input: Input, imports: ReadonlyMap<string, Imported>, modules: ReadonlyMap<string, string>) => Compiled;

interface Compiled {
  readonly result: CompiledModule | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** How a module is reached, and what is known of others by now. */
interface Reach {
  /** The modules that lead here, the first one first, this one last. */
  readonly chain: readonly string[];
  readonly done: Map<string, Imported>;
  /** Texts of modules that check. */
  readonly modules: Map<string, string>;
}

/** Compiles a module after those that it imports. Where imports lead back to it, that import is the fault. */
export function compileWithImports<Input extends ModuleSource>(input: Input, compile: CompileModule<Input>): Compiled {
  const own = /([^/\\]+)\.ts$/.exec(input.file)?.[1] ?? input.file;
  return compileReached(input, { chain: [own], done: new Map(), modules: new Map() }, compile);
}

function compileReached<Input extends ModuleSource>(input: Input, reach: Reach, compile: CompileModule<Input>): Compiled {
  const imports = new Map((guardSource(input.file, input.source) === null ? importedNames(input.source) : []).map((name) => [name, importModule(name, input, reach, compile)]));
  return compile(input, imports, reach.modules);
}

function importModule<Input extends ModuleSource>(name: string, from: Input, reach: Reach, compile: CompileModule<Input>): Imported {
  if (reach.chain.includes(name)) return { kind: "cycle", through: [...reach.chain.slice(reach.chain.indexOf(name)), name] };
  const known = reach.done.get(name);
  if (known !== undefined) return known;
  const source = from.module?.(name) ?? null;
  const imported = source === null ? ({ kind: "missing" } as const) : compileImported(name, source, from, reach, compile);
  reach.done.set(name, imported);
  return imported;
}

function compileImported<Input extends ModuleSource>(name: string, source: string, from: Input, reach: Reach, compile: CompileModule<Input>): Imported {
  const file = from.file.replace(/[^/\\]+$/, `${name}.ts`);
  const { result } = compileReached({ ...from, file, source }, { ...reach, chain: [...reach.chain, name] }, compile);
  // A file is called as its workflow; one that is not is told where it is checked.
  if (result === null || result.program.name !== name) return { kind: "faulty" };
  reach.modules.set(name, source);
  return { kind: "workflow", ...result };
}
