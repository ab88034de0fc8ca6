import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { installOnDebian } from "../house/debian.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The browser to drive: `CHROMIUM`, else one on the path, else Debian's package, which root may install. */
export function findChromium(): string {
  const found = env["CHROMIUM"] ?? onPath();
  if (found !== null) return found;
  installOnDebian(["chromium"]);
  const installed = onPath();
  if (installed !== null) return installed;
  throw new Error("There is no chromium here. Install one (Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/chrome");
}

function onPath(): string | null {
  const folders = (env["PATH"] ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file)) ?? null;
}
