import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson, hashText } from "offstage/base";
import { SEMANTICS } from "offstage/program";
import { cliVersion } from "../version.ts";
import { replaceFile } from "./write-file.ts";

/** Results of the compiler by the hash of all they were made of, in `.offstage/cache`: a second run never loads it. */
export interface CompileCache {
  /** What was made of `parts`, else what `make` makes of them now. Only what `keep` accepts is kept. */
  get<T>(kind: string, parts: readonly string[], make: () => Promise<T>, keep: (made: T) => boolean): Promise<T>;
}

/** What a cache knows besides its files, and what it does when something is in neither. */
export interface CompileCacheOptions {
  /** Results that another process made, by their keys. */
  readonly known?: ReadonlyMap<string, unknown>;
  /** Hears of every result that was made now, with its key. */
  readonly made?: (key: string, made: unknown) => void;
  /** Nothing is made here: what nobody made rejects with a {@link NotCompiledError}. */
  readonly makes?: false;
  /** Keys are those of an installed Offstage, which has no sources. */
  readonly packed?: true;
}

/** In an exported project: what the compiler made of its files, which nobody there has to make again. */
const CARRIED_FILE = "offstage.program.json";

/** Something has to be compiled, and not in this process. */
export class NotCompiledError extends Error {}

/** See {@link CompileCache}. */
export function createCompileCache(projectFolder: string, { known, made: tell, makes, packed }: CompileCacheOptions = {}): CompileCache {
  const folder = join(projectFolder, ".offstage/cache");
  const compiler = `${cliVersion()} ${SEMANTICS} ${packed === true ? "" : compilerFingerprint()}`;
  let carried: Readonly<Record<string, unknown>> | undefined;
  return {
    async get(kind, parts, make, keep) {
      const key = hashText(canonicalJson([kind, compiler, ...parts]));
      const file = join(folder, `${kind}-${key.slice(0, 32)}.json`);
      const kept = read(file, key);
      if (kept !== undefined) return kept.made as Awaited<ReturnType<typeof make>>;
      if (known?.has(key) === true) return known.get(key) as Awaited<ReturnType<typeof make>>;
      carried ??= readCarried(projectFolder);
      if (Object.hasOwn(carried, key)) return carried[key] as Awaited<ReturnType<typeof make>>;
      if (makes === false) throw new NotCompiledError();
      const made = await make();
      tell?.(key, made);
      if (keep(made)) store(file, JSON.stringify({ key, made }));
      return made;
    },
  };
}

/** A damaged file is as good as none. */
function read(file: string, key: string): { readonly made: unknown } | undefined {
  try {
    const entry = JSON.parse(readFileSync(file, "utf8")) as { readonly key?: unknown; readonly made?: unknown } | null;
    return entry?.key === key && entry.made !== undefined ? { made: entry.made } : undefined;
  } catch {
    return undefined;
  }
}

/** What an exported project brings along. */
function readCarried(projectFolder: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(readFileSync(join(projectFolder, CARRIED_FILE), "utf8")) as { readonly made?: Readonly<Record<string, unknown>> } | null)?.made ?? {};
  } catch {
    return {};
  }
}

/** A cache that cannot be written costs time and nothing else. */
function store(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch {
    // See above.
  }
}

const COMPILER_ROOMS = ["language", "tools", "program", "api", "base"];

/** In a clone the compiler changes without its version: there its files count, by size and time. */
function compilerFingerprint(): string {
  if (!import.meta.url.endsWith(".ts")) return "";
  const source = fileURLToPath(new URL("src/", import.meta.resolve("offstage/package.json")));
  const files = COMPILER_ROOMS.flatMap((room) => readdirSync(join(source, room), { recursive: true, encoding: "utf8" }).map((name) => join(source, room, name)));
  return hashText(files.toSorted().map((file) => `${file} ${stampOf(file)}`).join("\n"));
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.size} ${stat.mtimeMs}`;
}
