import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Below the clone's packages, so that theirs are found; a folder of this name makes what is in it an installed package. */
const PLACE = join(ROOT, "node_modules/.cache/offstage-bench/node_modules");
const PACKAGES = [["packages/runtime", "offstage"], ["apps/offstage", "@offstage/cli"]] as const;

let bin: string | null = null;

/** The command line as users have it: built and installed, no types stripped. Builds once a process. */
export function installedBin(): string {
  bin ??= install();
  return bin;
}

function install(): string {
  const { status, stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-b", ...PACKAGES.map(([folder]) => folder)], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed: ${stdout}`);
  rmSync(PLACE, { recursive: true, force: true });
  for (const [folder, name] of PACKAGES) {
    const to = join(PLACE, name);
    mkdirSync(to, { recursive: true });
    for (const part of ["bin", "dist", "profiles", "package.json"]) if (existsSync(join(ROOT, folder, part))) cpSync(join(ROOT, folder, part), join(to, part), { recursive: true });
    symlinkSync(join(ROOT, folder, "node_modules"), join(to, "node_modules"));
  }
  return join(PLACE, "@offstage/cli/bin/offstage.js");
}
