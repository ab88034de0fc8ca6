import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { env, getuid, platform } from "node:process";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The browser to drive: `CHROMIUM`, else one on the path, else Debian's package, which root may install. */
export function findChromium(): string {
  const found = env["CHROMIUM"] ?? onPath();
  if (found !== null) return found;
  if (platform === "linux" && getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    process.stderr.write("Installing chromium (apt-get) …\n");
    const install = ["install", "--yes", "--no-install-recommends", "chromium"];
    if (!apt(install) && apt(["update"])) apt(install);
    const installed = onPath();
    if (installed !== null) return installed;
  }
  throw new Error("There is no chromium here. Install one (Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/chrome");
}

function onPath(): string | null {
  const folders = (env["PATH"] ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file)) ?? null;
}

function apt(args: readonly string[]): boolean {
  return spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env: { ...env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
}
