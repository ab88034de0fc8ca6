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

/** What is known of modules by now. */
interface Known {
  readonly done: Map<string, Imported>;
  /** What each one imports, by its words. */
  readonly words: Map<string, readonly string[]>;
  /** Texts of modules that check. */
  readonly modules: Map<string, string>;
}

/** Compiles a module after those that it imports. Where imports lead back to it, that import is the fault, from whichever module of the circle one looks. */
export function compileWithImports<Input extends ModuleSource>(input: Input, compile: CompileModule<Input>): Compiled {
  const own = /([^/\\]+)\.ts$/.exec(input.file)?.[1] ?? input.file;
  return compileReached(own, input, { done: new Map(), words: new Map(), modules: new Map() }, compile);
}

function compileReached<Input extends ModuleSource>(own: string, input: Input, known: Known, compile: CompileModule<Input>): Compiled {
  const imports = new Map(namesIn(input).map((name) => [name, importModule(name, own, input, known, compile)]));
  return compile(input, imports, known.modules);
}

function importModule<Input extends ModuleSource>(name: string, own: string, from: Input, known: Known, compile: CompileModule<Input>): Imported {
  // A circle is met before anything of it is compiled, so compiling comes to an end.
  const back = wayTo(own, name, from, known);
  if (back !== null) return { kind: "cycle", through: [own, ...back] };
  const done = known.done.get(name);
  if (done !== undefined) return done;
  const source = from.module?.(name) ?? null;
  const imported = source === null ? ({ kind: "missing" } as const) : compileImported(name, source, from, known, compile);
  known.done.set(name, imported);
  return imported;
}

/** The modules from `start` to `goal`, both included, along what they import; null when none leads there. */
function wayTo(goal: string, start: string, { file, module }: ModuleSource, { words }: Known): readonly string[] | null {
  const ways: (readonly string[])[] = [[start]];
  const met = new Set([start]);
  // Grows as it is gone through: the shortest way comes first.
  for (const way of ways) {
    const last = way.at(-1) as string;
    if (last === goal) return way;
    const names = words.get(last) ?? namesIn({ file, source: module?.(last) ?? "" });
    words.set(last, names);
    for (const name of names) {
      if (met.has(name)) continue;
      met.add(name);
      ways.push([...way, name]);
    }
  }
  return null;
}

function namesIn({ file, source }: ModuleSource): readonly string[] {
  return guardSource(file, source) === null ? importedNames(source) : [];
}

function compileImported<Input extends ModuleSource>(name: string, source: string, from: Input, known: Known, compile: CompileModule<Input>): Imported {
  const file = from.file.replace(/[^/\\]+$/, `${name}.ts`);
  const { result } = compileReached(name, { ...from, file, source }, known, compile);
  // A file is called as its workflow; one that is not is told where it is checked.
  if (result === null || result.program.name !== name) return { kind: "faulty" };
  known.modules.set(name, source);
  return { kind: "workflow", ...result };
}
