import { join } from "node:path";
import { type App, exportedApp } from "./installed-app.ts";
import type { Projects } from "./projects.ts";
import { needed } from "./tools.ts";

let made: Promise<App> | null = null;

/** The workflow `beat` as a package of Python, exported by the command line, and what it needs installed from the public index: two stages, as in its Dockerfile. */
export function installedPython(projects: Projects): Promise<App> {
  return (made ??= install(projects));
}

async function install(projects: Projects): Promise<App> {
  const folder = await exportedApp(projects, "beat-python", ["--to", "kubernetes", "--language", "python"]);
  const venv = join(folder, "../venv");
  needed("python3", ["-m", "venv", venv]);
  needed(join(venv, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "--prefer-binary", "--requirement", "requirements.txt"], { cwd: folder });
  return { folder, variables: { PATH: `${venv}/bin:/usr/bin:/bin`, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" }, binds: [[venv, venv, "--ro-bind"]] };
}
