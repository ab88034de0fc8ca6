import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type Data, OffstageError } from "offstage/base";
import type { Command } from "commander";
import { answeredServers, chosenServers } from "../clients/chosen-servers.ts";
import { type Finding, findServers, type FoundServer } from "../clients/find-servers.ts";
import { addToFile, serversKnown } from "../clients/import-servers.ts";
import { commandText, entryForFile, leftOutText, serversText, variablesText } from "../clients/import-text.ts";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { newServersFile } from "../config/add-servers.ts";
import { SERVERS_FILE } from "../config/server-entry.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { PROJECT_FILES } from "../project/project-files.ts";

interface InitOptions {
  readonly import?: string;
  readonly yes?: true;
}

/** `offstage init`: the files of a project, those that are not there yet, and the servers of other clients that are wanted. */
export function register(command: Command, io: CommandIo): void {
  command
    .description("make this folder a project, with servers that other MCP clients have; existing files stay as they are")
    .option("--import <servers>", "import servers of other MCP clients: all, none, or their names with commas between them")
    .option("--yes", "import all that are found, and ask nothing")
    .action(io.action((options: InitOptions) => init(io, options)));
}

async function init(io: CommandIo, options: InitOptions): Promise<ExitCode> {
  const folder = io.projectFolder === null ? io.cwd : resolve(io.cwd, io.projectFolder);
  const { known, text } = serversKnown(folder);
  const finding = await findServers(folder, { platform: process.platform, env: io.env }, known, io.redactor);
  const choice = await choose(io, options, finding, existsSync(join(folder, SERVERS_FILE)));
  const taken = choice.servers.find(({ name }) => known.servers.has(name));
  if (taken !== undefined) throw new OffstageError("USAGE", `${SERVERS_FILE} has a server ${taken.name} already.`, { hint: "It is left as it is. Rename or remove it there first." });
  const servers = Object.fromEntries(choice.servers.map((server) => [server.name, entryForFile(server)]));
  // Before the rest: what cannot be written leaves nothing behind.
  const fresh = writeNew(join(folder, SERVERS_FILE), newServersFile(servers));
  if (!fresh && choice.servers.length > 0) addToFile(folder, text, servers);
  const made = [...(fresh ? [SERVERS_FILE] : []), ...Object.entries(PROJECT_FILES).filter(([path, content]) => writeNew(join(folder, path), content)).map(([path]) => path)];
  const kept = [SERVERS_FILE, ...Object.keys(PROJECT_FILES)].filter((path) => !made.includes(path));
  const files = [`in ${folder}:`, ...made.map((path) => `made ${path}`), ...kept.map((path) => `kept ${path}`)].join("\n");
  const next = `Next: ${choice.servers.length > 0 ? "" : `name your servers in ${SERVERS_FILE}, then: `}${commandLine(io, "servers")}, ${commandLine(io, "lock")}`;
  const told = [files, importText(io, choice, finding), variablesText(choice.servers), next].filter((part) => part !== "").join("\n\n");
  io.answer({ folder, made, kept, imported: choice.servers.map(({ name }) => name), ...findingData(finding) }, told, "prose");
  return EXIT.fine;
}

interface Choice {
  readonly servers: readonly FoundServer[];
  /** A person has seen what there is, and said so. */
  readonly asked: boolean;
}

/** What `--import` says; else whoever sits there is asked; else nothing is imported, and least of all into a file that is there. */
async function choose(io: CommandIo, { import: which, yes }: InitOptions, finding: Finding, exists: boolean): Promise<Choice> {
  if (which !== undefined) return { servers: chosenServers(which, finding.servers), asked: which === "none" };
  if (yes === true) return { servers: exists ? [] : chosenServers("all", finding.servers), asked: false };
  const free = finding.servers.filter(({ collides }) => collides === null);
  if (free.length === 0 || io.json || process.stdin.isTTY !== true) return { servers: [], asked: false };
  io.terminal.note([`Other MCP clients have servers:\n${serversText(free)}`, leftOutText(finding)].filter((part) => part !== "").join("\n"));
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`\nImport them into ${SERVERS_FILE}? all, none, or names [none]: `, { signal: io.signal });
    return { servers: answeredServers(answer, finding.servers), asked: true };
  } finally {
    prompt.close();
  }
}

function importText(io: CommandIo, { servers, asked }: Choice, finding: Finding): string {
  if (servers.length > 0) return [`imported into ${SERVERS_FILE}:\n${serversText(servers)}`, asked ? "" : leftOutText(finding)].filter((part) => part !== "").join("\n\n");
  if (asked) return "";
  const free = finding.servers.filter(({ collides }) => collides === null);
  const offer = free.length === 0 ? "" : `Other MCP clients have servers:\n${serversText(free)}\nTo import them, or some by their names: ${commandLine(io, "init", "--import", "all")}`;
  return [offer, leftOutText(finding)].filter((part) => part !== "").join("\n\n");
}

function findingData({ servers, leftOut }: Finding): { readonly [field: string]: Data } {
  return {
    found: servers.map((server) => ({ name: server.name, client: server.client, files: server.files, runs: commandText(server), entry: entryForFile(server), variables: server.variables, collides: server.collides })),
    leftOut: leftOut.map((one) => ({ ...one })),
  } as unknown as { readonly [field: string]: Data };
}

/** False when the file is there already; never overwrites, not even in a race. */
function writeNew(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw new OffstageError("USAGE", `${path} cannot be written: ${(error as Error).message}`, { hint: "Check the folder's permissions and the disk.", cause: error });
  }
}
