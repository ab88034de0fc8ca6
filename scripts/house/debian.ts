import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env, getuid, platform } from "node:process";

/** Installs packages of Debian, where that can be done: as root, with apt-get. What is missing then is told by who needs it. */
export function installOnDebian(packages: readonly string[]): void {
  if (packages.length === 0 || platform !== "linux" || getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  process.stderr.write(`Installing ${packages.join(", ")} (apt-get) …\n`);
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  if (!apt(install) && apt(["update"])) apt(install);
}

function apt(args: readonly string[]): boolean {
  return spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env: { ...env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
}
