import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OffstageError } from "offstage/base";
import type { PackedLibrary } from "offstage/exporters/typescript";
import { buildWheel } from "./pack-wheel.ts";

/** The library and the command line, packed by npm as they are installed here. Of a clone they are built first. Errors: `EXPORT_REFUSED`. */
export function packLibraries(): readonly PackedLibrary[] {
  const folders = [fileURLToPath(new URL(".", import.meta.resolve("offstage/package.json"))), fileURLToPath(new URL("../../", import.meta.url))];
  build(folders);
  const place = mkdtempSync(join(tmpdir(), "offstage-pack-"));
  try {
    return folders.map((folder) => {
      const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly name: string };
      // What npm packs has the same bytes each time. No script of a package is run for it.
      const out = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", place], folder);
      const [{ filename }] = JSON.parse(out) as [{ readonly filename: string }];
      return { name, file: filename.replace(/^@/, "").replaceAll("/", "-"), bytes: readFileSync(join(place, filename)) };
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** A clone has sources and no build. */
function build(folders: readonly string[]): void {
  if (!import.meta.url.endsWith(".ts")) return;
  const [library = ""] = folders;
  const compiler = join(library, "../../node_modules/.bin/tsc");
  if (existsSync(compiler)) run(compiler, ["-b", ...folders], library);
  const manuals = join(library, "../../scripts/copy-manuals.mjs");
  if (existsSync(manuals)) run(process.execPath, [manuals], library);
  buildWheel();
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (status === 0) return stdout;
  throw new OffstageError("EXPORT_REFUSED", `Offstage could not be packed: ${error?.message ?? (stderr || stdout).trim().slice(0, 2_000)}`, { hint: "npm has to be on the PATH." });
}
