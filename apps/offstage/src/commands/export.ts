import { relative, resolve } from "node:path";
import { OffstageError } from "offstage/base";
import { type BundleFile, STORE_VARIABLE } from "offstage/bundle";
import { programFamily } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { isForModel } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { carryPrograms } from "../export/carry-programs.ts";
import { DEPLOY_TARGETS, deployFiles, type DeployOptions, deployWarnings, refuseUnused } from "../export/deploy-targets.ts";
import { pythonWarnings, refuseForPython } from "../export/for-python.ts";
import { packLibraries } from "../export/pack-libraries.ts";
import { type ReadSource, readSource } from "../export/read-source.ts";
import { writeBundle } from "../export/write-bundle.ts";
import { createProjectCompiler } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";

interface ExportOptions extends DeployOptions {
  readonly to?: string;
  readonly out?: string;
  readonly overwrite?: true;
}

/** `offstage export <workflow> --to <target>`: the workflow as files that run without this project. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--to <target>", `what to make of it: ${Object.keys(TARGETS).join(", ")}`)
    .option("--out <dir>", "where to write it (default: export/<workflow>-<target>)")
    .option("--overwrite", "take the exported text where a file was edited since")
    .option("--language <language>", "of what is deployed: workflow (the project as it stands, the default), typescript or python")
    .option("--image <image>", "name and tag of its image (default: <workflow>:latest)")
    .option("--store <store>", `postgres: the store is in PostgreSQL, at the URL in ${STORE_VARIABLE}`)
    .option("--host <name>", "under which others reach it")
    .option("--jobs", "kubernetes, systemd: CronJobs or timers in the place of a worker")
    .option("--secret-store <name>", "kubernetes: a ClusterSecretStore from which External Secrets takes the secrets")
    .option("--keda", "kubernetes: a ScaledObject of KEDA, by its queues")
    .option("--service-monitor", "kubernetes: a ServiceMonitor of Prometheus' operator")
    .action(io.action((workflow: string, options: ExportOptions) => exportWorkflow(io, workflow, options)));
}

/** What makes the files of a target. */
type Target = (project: Project, read: ReadSource, options: ExportOptions) => Promise<readonly BundleFile[]>;

const typescript: Target = async (project, { source }) => {
  const { exportTypescript, typescriptProject } = await import("offstage/exporters/typescript");
  const workflows = programFamily(source.program).map(({ name }) => name);
  return exportTypescript(source, { programs: await carryPrograms(typescriptProject(source), project, workflows), libraries: packLibraries() });
};

const python: Target = async (_project, { source }, { store }) => {
  refuseForPython(source);
  const { exportPython } = await import("offstage/exporters/python");
  const { packWheel } = await import("../export/pack-wheel.ts");
  return exportPython(source, { library: packWheel(), postgres: store === "postgres" });
};

const TARGETS: Readonly<Record<string, Target>> = {
  typescript, python,
  ...Object.fromEntries(DEPLOY_TARGETS.map((name): readonly [string, Target] => [name, (project, read, options) => deployed(name, project, read, options)])),
};

/** How it is run there, and beside it, in `app/`, what runs. */
async function deployed(name: string, project: Project, read: ReadSource, options: ExportOptions): Promise<readonly BundleFile[]> {
  // What cannot be is told before anything is packed.
  if (options.language === "python") refuseForPython(read.source);
  const files = await deployFiles(name, read.source, options);
  const made = options.language === "python" ? python : typescript;
  // What a deployment says of a file of the package holds: a function has its settings there.
  const said = new Set(files.map(({ path }) => path));
  const own = (await made(project, read, options)).map((file) => ({ ...file, path: `app/${file.path}` }));
  return [...files, ...own.filter(({ path }) => !said.has(path))];
}

/** Writes a workflow as the files of a target. */
export async function exportWorkflow(io: CommandIo, workflow: string, options: ExportOptions): Promise<ExitCode> {
  const { to, out, overwrite } = options;
  const target = to === undefined || !Object.hasOwn(TARGETS, to) ? undefined : TARGETS[to];
  if (to === undefined || target === undefined) throw new OffstageError("USAGE", to === undefined ? "What to export to is not said." : `There is no target ${escapeControls(to)}.`, { hint: `Give one of: ${Object.keys(TARGETS).map((name) => `--to ${name}`).join(", ")}.` });
  refuseUnused(to, options);
  const project = openProject(io);
  const read = await readSource(project, createProjectCompiler(project), workflow);
  const folder = resolve(out === undefined ? project.folder : io.cwd, out ?? `export/${workflow}-${to}`);
  io.terminal.progress(`exporting ${workflow} to ${to} …`);
  const files = await target(project, read, options);
  const { written, unchanged, removed } = writeBundle(files, { folder, target: to, workflow, overwrites: overwrite === true });
  const warnings = [...read.warnings, ...deployWarnings(to, read.source, options), ...(to === "python" || options.language === "python" ? pythonWarnings(read.source) : [])];
  for (const warning of warnings) io.terminal.note(escapeControls(warning));
  // A model knows the project, and not where its client started us.
  const shown = escapeControls(relative(isForModel(io) ? project.folder : io.cwd, folder) || ".");
  const lines = [`${workflow} is exported to ${shown}: ${files.length} files, ${written.length} written, ${unchanged.length} as they were${removed.length === 0 ? "" : `, ${removed.length} removed`}.`, "Its README.md says how it is run."];
  io.answer({ workflow, target: to, folder, written, unchanged, removed, warnings }, lines.join("\n"));
  return EXIT.fine;
}
