import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix, relative, sep } from "node:path";
import { NESTED, ROOMS_FOLDER } from "./rooms.ts";

/** A source file and what it imports, types included. Paths are from the root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** One import: `target` is the path of a file of this repository, null for a package or a `node:` module. */
export interface Import {
  readonly specifier: string;
  readonly target: string | null;
  /** Loaded with the file that says so: no type, and no `import(…)`. */
  readonly eager?: true;
}

/** The part of TypeScript 6 that finds imports: a scanner, so that text in strings and comments is not taken for code. */
interface Scanner {
  preProcessFile(text: string, readImports: boolean, detectJavaScriptImports: boolean): { readonly importedFiles: readonly { readonly fileName: string }[] };
}

/** Every `.ts` file below the folders, in the order of their paths. `tests` are those that run, or serve, tests only. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  const scanner = createRequire(join(root, "packages/runtime/package.json"))("typescript") as Scanner;
  return folders.flatMap((folder) => listFiles(join(root, folder))).map((file) => {
    const path = relative(root, file).split(sep).join("/");
    const text = readFileSync(file, "utf8");
    const specifiers = scanner.preProcessFile(text, true, true).importedFiles.map((found) => found.fileName);
    const eager = eagerSpecifiers(text);
    return { path, text, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0), imports: specifiers.map((specifier) => ({ specifier, target: targetOf(path, specifier), ...(eager.has(specifier) ? { eager: true } : {}) })) };
  });
}

/** Declarations that stand at the beginning of a line, as the linter has them. */
function eagerSpecifiers(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^(?:import|export)\b(?! type\b)(?:[^;"'`=(]*\bfrom)? "([^"]+)"/gm)].map(([, specifier = ""]) => specifier));
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name) && !/[\\/](node_modules|dist|\.offstage|\.project)([\\/]|$)/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** `offstage/model` is the room's index as much as `../model/index.ts` is. */
function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return posix.join(dirname(from), specifier);
  if (specifier === "offstage") return `${ROOMS_FOLDER}/api/index.ts`;
  if (specifier.startsWith("offstage/") && specifier !== "offstage/package.json") return `${ROOMS_FOLDER}/${specifier.slice("offstage/".length)}/index.ts`;
  return null;
}

/** The room a path lies in, `stores/sqlite` for a nested one; null outside the library. */
export function roomOf(path: string): string | null {
  const [first, second] = path.startsWith(`${ROOMS_FOLDER}/`) ? path.slice(ROOMS_FOLDER.length + 1).split("/") : [];
  if (first === undefined || second === undefined) return null;
  const nested: readonly string[] = NESTED;
  return nested.includes(first) ? `${first}/${second}` : first;
}

/** Files that only tests use. */
export function isTestFile(path: string): boolean {
  return /\.(test|suite|test-d)\.ts$/.test(path) || path.includes("/testing/") || path.includes("/fixtures/");
}

/** Groups of files that import each other in a circle, each group sorted. */
export function knots(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const reached = new Map<string, ReadonlySet<string>>();
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) reached.set(file.path, reach(file.path, byPath));
  const found = new Map<string, readonly string[]>();
  for (const [path, others] of reached) {
    if (!others.has(path)) continue;
    const knot = [...others].filter((other) => reached.get(other)?.has(path) === true).toSorted();
    found.set(knot.join(), knot);
  }
  return [...found.values()];
}

/** Every file that `start` imports, directly or not, by imports that count; itself only when it lies on a circle. */
export function reach(start: string, byPath: ReadonlyMap<string, SourceFile>, counts: (found: Import) => boolean = () => true): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const found of byPath.get(path)?.imports ?? []) {
      const { target } = found;
      if (target === null || seen.has(target) || !counts(found)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return seen;
}
