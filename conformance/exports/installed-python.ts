import { cpSync } from "node:fs";
import { join } from "node:path";
import { type App, exportedApp } from "./installed-app.ts";
import type { Projects } from "./projects.ts";
import { needed } from "./tools.ts";

let made: Promise<App> | null = null;
let functions: Promise<App> | null = null;

/** The workflow `beat` as a package of Python, exported by the command line, and what it needs installed from the public index: two stages, as in its Dockerfile. */
export function installedPython(projects: Projects): Promise<App> {
  return (made ??= install(projects));
}

/** The same as a function of both clouds: the handlers, and settings with a store in PostgreSQL; with AWS's own runtime client, and Google's framework. */
export function installedPythonFunctions(projects: Projects): Promise<App> {
  return (functions ??= installFunctions(projects));
}

async function installFunctions(projects: Projects): Promise<App> {
  const { variables, binds } = await installedPython(projects);
  const folder = await exportedApp(projects, "beat-python-function", ["--to", "lambda", "--language", "python", "--store", "postgres"]);
  cpSync(join(await projects.write("beat", "cloud-run", { language: "python", store: "postgres" }), "app"), folder, { recursive: true });
  const [[venv] = [""]] = binds;
  needed(join(venv, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "--prefer-binary", "--requirement", "requirements.txt", "awslambdaric==4.2.2", "functions-framework==3.10.2"], { cwd: folder });
  return { folder, variables, binds };
}

async function install(projects: Projects): Promise<App> {
  const folder = await exportedApp(projects, "beat-python", ["--to", "kubernetes", "--language", "python"]);
  const venv = join(folder, "../venv");
  needed("python3", ["-m", "venv", venv]);
  needed(join(venv, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "--prefer-binary", "--requirement", "requirements.txt"], { cwd: folder });
  return { folder, variables: { PATH: `${venv}/bin:/usr/bin:/bin`, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" }, binds: [[venv, venv, "--ro-bind"]] };
}
