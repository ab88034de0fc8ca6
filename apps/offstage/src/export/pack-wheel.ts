import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { OffstageError } from "offstage/base";
import type { PythonLibrary } from "offstage/exporters/python";
import { parse } from "smol-toml";

/** The folder of the library in a clone, and where a build puts the wheel beside the command line. */
const SOURCES = fileURLToPath(new URL("../../../../packages/python/", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/python/", import.meta.url));

/** The library for Python as a wheel: of a clone what its files are now, elsewhere the one that was built with this command line. Errors: `EXPORT_REFUSED`. */
export function packWheel(): PythonLibrary {
  if (existsSync(join(SOURCES, "pyproject.toml"))) return makeWheel(SOURCES);
  const [file] = existsSync(BUILT) ? readdirSync(BUILT).filter((name) => name.endsWith(".whl")) : [];
  if (file === undefined) throw new OffstageError("EXPORT_REFUSED", "This copy of Offstage came without its library for Python.", { hint: "Install it again, or build the clone: npm run build." });
  return { file, bytes: readFileSync(join(BUILT, file)) };
}

/** Puts the wheel of a clone where {@link packWheel} finds it in what npm packs. */
export function buildWheel(): void {
  const { file, bytes } = makeWheel(SOURCES);
  mkdirSync(BUILT, { recursive: true });
  writeFileSync(join(BUILT, file), bytes);
}

/** What a wheel needs of `pyproject.toml`. */
interface Project {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly "requires-python": string;
  readonly dependencies: readonly string[];
  readonly "optional-dependencies": { readonly [extra: string]: readonly string[] };
}

/** A wheel by the binary distribution format (PyPA, "Binary distribution format", 1.0): pure, for every Python 3, the same bytes each time. */
export function makeWheel(folder: string): PythonLibrary {
  const { project } = parse(readFileSync(join(folder, "pyproject.toml"), "utf8")) as unknown as { readonly project: Project };
  const info = `${project.name}-${project.version}.dist-info`;
  const files = new Map(modulesIn(join(folder, "src")));
  files.set(`${info}/METADATA`, Buffer.from(metadataOf(project)));
  files.set(`${info}/WHEEL`, Buffer.from("Wheel-Version: 1.0\nGenerator: offstage\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
  files.set(`${info}/RECORD`, Buffer.from(recordOf(files, info)));
  // The earliest time that a zip can hold: nothing of when it was made is in it.
  const bytes = zipSync(Object.fromEntries(files), { mtime: "1980-01-01T00:00:00", os: 3, attrs: 0o644 << 16 });
  return { file: `${project.name}-${project.version}-py3-none-any.whl`, bytes };
}

/** The library's own files, sorted; no tests and nothing that only they need. */
function modulesIn(root: string): readonly (readonly [path: string, bytes: Uint8Array])[] {
  const paths = readdirSync(join(root, "offstage"), { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => relative(root, join(one.parentPath, one.name)).replaceAll("\\", "/"));
  const shipped = paths.filter((path) => /\.(?:pyi?|sql|typed)$/.test(path) && !/_test\.py$|\/conftest\.py$|^offstage\/testing\/|__pycache__/.test(path));
  return shipped.toSorted().map((path) => [path, readFileSync(join(root, path))]);
}

function metadataOf({ name, version, description, license, dependencies, ...more }: Project): string {
  const extras = Object.entries(more["optional-dependencies"]);
  return [
    "Metadata-Version: 2.4", `Name: ${name}`, `Version: ${version}`, `Summary: ${description}`, `License-Expression: ${license}`, `Requires-Python: ${more["requires-python"]}`,
    ...dependencies.map((one) => `Requires-Dist: ${one}`),
    ...extras.flatMap(([extra, needed]) => [`Provides-Extra: ${extra}`, ...needed.map((one) => `Requires-Dist: ${one}; extra == '${extra}'`)]),
    "",
  ].join("\n");
}

/** Every file with its hash and size; itself without (PyPA, "Recording installed projects"). */
function recordOf(files: ReadonlyMap<string, Uint8Array>, info: string): string {
  const lines = [...files].map(([path, bytes]) => `${path},sha256=${createHash("sha256").update(bytes).digest("base64url")},${bytes.length}`);
  return `${[...lines, `${info}/RECORD,,`].join("\n")}\n`;
}
