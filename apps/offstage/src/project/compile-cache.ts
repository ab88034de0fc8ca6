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

export function createCompileCache(projectFolder: string): CompileCache {
  const folder = join(projectFolder, ".offstage/cache");
  const compiler = `${cliVersion()} ${SEMANTICS} ${compilerFingerprint()}`;
  return {
    async get(kind, parts, make, keep) {
      const key = hashText(canonicalJson([kind, compiler, ...parts]));
      const file = join(folder, `${kind}-${key.slice(0, 32)}.json`);
      const known = read(file, key);
      if (known !== undefined) return known.made as Awaited<ReturnType<typeof make>>;
      const made = await make();
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
