import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { OffstageError } from "offstage/base";
import type { BundleFile } from "offstage/bundle";
import { z } from "zod";
import { replaceFile } from "../project/write-file.ts";

/** By this the next export knows its own files. */
const MANIFEST = ".offstage-export.json";

/** What lies beside an export and is nobody's word against it. */
const LEFT_ALONE: ReadonlySet<string> = new Set([".git", ".DS_Store"]);

/** Within the folder: a manifest comes with a repository, and what it names is removed. */
const pathSchema = z.string().refine((path) => path !== "" && !isAbsolute(path) && path.split(/[\\/]/).every((part) => part !== "" && part !== "." && part !== ".."));

const manifestSchema = z.object({ version: z.literal(1), target: z.string(), workflow: z.string(), files: z.record(pathSchema, z.array(z.string())) });

/** Path → the hashes (SHA-256, hex) of what an export wrote there: two while another one is being written. */
type Written = z.infer<typeof manifestSchema>["files"];

/** What an export is written as. */
export interface BundlePlace {
  readonly folder: string;
  readonly target: string;
  readonly workflow: string;
  /** What was edited since is written over. */
  readonly overwrites: boolean;
}

/** What became of the folder's files; paths. */
export interface WrittenBundle {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Of an earlier export, and in this one no more. */
  readonly removed: readonly string[];
}

/**
 * Writes an export into a folder, which is empty, new, or an earlier export's. What somebody else put there or edited is never written over. A kill in the middle leaves
 * what the same export, called again, completes. Errors: `EXPORT_REFUSED`.
 */
export function writeBundle(files: readonly BundleFile[], place: BundlePlace): WrittenBundle {
  const { folder, target, workflow, overwrites } = place;
  if (!existsSync(folder) && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw refused(`${folder} is a link that leads nowhere.`, "Name a folder: --out DIR.");
  const before = readManifest(folder);
  if (before === null && isInUse(folder)) throw refused(`${folder} has files that no export wrote.`, "Name an empty folder, or one that does not exist: --out DIR.");
  if (before !== null && (before.target !== target || before.workflow !== workflow)) throw refused(`${folder} has the export of ${before.workflow} to ${before.target}.`, "Name another folder: --out DIR.");
  const old: Written = before?.files ?? {};
  const made = new Map(files.map((file) => [file.path, { ...file, hash: hashOf(file.content) }]));
  const gone = Object.keys(old).filter((path) => !made.has(path) && existsSync(join(folder, path)));
  const edited = [...made.keys(), ...gone].filter((path) => isEdited(folder, path, old[path] ?? [], made.get(path)?.hash));
  if (edited.length > 0 && !overwrites) throw refused(`Edited since they were exported: ${edited.join(", ")}.`, "Keep your text elsewhere, or take the exported one: --overwrite.");
  const changed = [...made.values()].filter(({ path, hash }) => hashAt(join(folder, path)) !== hash);
  writeManifest(place, Object.fromEntries([...made.values()].map(({ path, hash }) => [path, [...new Set([...(old[path] ?? []), hash])]]).concat(gone.map((path) => [path, old[path] ?? []]))));
  for (const { path, content, executable } of changed) {
    replaceFile(join(folder, path), content);
    if (executable === true) chmodSync(join(folder, path), 0o755);
  }
  for (const path of gone) rmSync(join(folder, path), { force: true });
  writeManifest(place, Object.fromEntries([...made.values()].map(({ path, hash }) => [path, [hash]])));
  const written = new Set(changed.map(({ path }) => path));
  return { written: [...written], unchanged: [...made.keys()].filter((path) => !written.has(path)), removed: gone };
}

function readManifest(folder: string): z.infer<typeof manifestSchema> | null {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return null;
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw refused(`${path} is not what an export writes.`, "Name another folder: --out DIR.");
  }
}

function writeManifest({ folder, target, workflow }: BundlePlace, files: Written): void {
  replaceFile(join(folder, MANIFEST), `${JSON.stringify({ version: 1, target, workflow, files }, null, 2)}\n`);
}

function isInUse(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => !LEFT_ALONE.has(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw refused(`${folder} is no folder that can be read: ${(error as Error).message}`, "Name another one: --out DIR.");
  }
}

/** Whether something stands there that no export wrote and that this one would not write. A link leads out of the folder, whatever it leads to. */
function isEdited(folder: string, path: string, known: readonly string[], next: string | undefined): boolean {
  for (let at = path; at !== "."; at = dirname(at)) if (lstatSync(join(folder, at), { throwIfNoEntry: false })?.isSymbolicLink() === true) return true;
  const there = hashAt(join(folder, path));
  return there !== null && there !== next && !known.includes(there);
}

/** Null where nothing is. */
function hashAt(path: string): string | null {
  try {
    return hashOf(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw refused(`${path} cannot be read: ${(error as Error).message}`, "See that this user may read it, or take it away.");
  }
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function refused(message: string, hint: string): OffstageError {
  return new OffstageError("EXPORT_REFUSED", message, { hint });
}
