import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { OffstageError } from "offstage/base";
import { draftProfile, type LearntSchema, type LockedServer, serverIdentifiers } from "offstage/tools";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { counted } from "../output/counted.ts";
import { createProjectCompiler } from "../project/compile.ts";
import { openProject } from "../project/load-project.ts";
import type { ProjectTypes } from "../project/project-types.ts";
import { hintedReads } from "../project/unsettled-profiles.ts";
import { escapeControls } from "../terminal.ts";

/** `offstage profile <server>`: drafts what MCP does not say of a server, for a person to finish. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<server>", "a locked server")
    .option("--out <file>", "write it here instead of profiles/<server>.ts; - prints it")
    .action(io.action((server: string, options: { readonly out?: string }) => profile(server, options.out, io)));
}

async function profile(server: string, out: string | undefined, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const own = join(project.folder, "profiles", `${server}.ts`);
  const file = out === undefined ? own : resolve(io.cwd, out);
  const said = saidPath(io, own, out);
  if (out !== "-") refuseExisting(file, said);
  const types = await createProjectCompiler(project).types();
  const locked = types.lock.servers.get(server);
  // One that mcp.json does not have either is another mistake, and told as that.
  if (locked === undefined) project.outline(server);
  if (locked === undefined) throw new OffstageError("NOT_LOCKED", `Server "${server}" is not in offstage.lock.`, { hint: `Run \`offstage lock\`; it has ${[...types.lock.servers.keys()].join(", ") || "none"} now.` });
  const shipped = shippedRules(server, types);
  const text = draftText(server, locked, shipped.tools, types);
  if (text === null) {
    io.answer({ server, file: null, tools: 0, shipped: shipped.tools.size }, `${escapeControls(shipped.file)}, which ships with Offstage, has rules for all of its tools: write only what you want to be otherwise.`, "prose");
    return EXIT.fine;
  }
  if (out === "-") {
    io.answer({ server, file: null, text }, text.trimEnd());
    return EXIT.fine;
  }
  writeNew(file, text, said);
  const tools = locked.tools.size - shipped.tools.size;
  io.answer({ server, file: said, tools, shipped: shipped.tools.size }, [
    `Drafted ${escapeControls(said)}: ${counted(tools, "tool")}${shipped.tools.size === 0 ? "" : `; ${escapeControls(shipped.file)} has the other ${shipped.tools.size}`}.`,
    ...hintedText(text),
    `Settle each TODO: what nobody vouches for is a write. Then ${commandLine(io, "check")}, and ${commandLine(io, "lock")} to pin the classes: until then what names this server does not run.`,
  ].join("\n"), "prose");
  return EXIT.fine;
}

/** Reads that rest on a hint would be called while planning, once the lock has them. */
function hintedText(text: string): readonly string[] {
  const hinted = hintedReads(text);
  return hinted === 0 ? [] : [`${hinted} of them ${hinted === 1 ? "is a read" : "are reads"} only because the server calls ${hinted === 1 ? "it" : "them"} so: as the draft stands, a lock takes its word for that.`];
}

/** A profile of the project lies over the one that ships: a guess must not lie over what was found out. */
function shippedRules(server: string, { profiles, lock }: ProjectTypes): { readonly file: string; readonly tools: ReadonlySet<string> } {
  const found = profiles.find((one) => one.server === server && one.file.startsWith("offstage/"));
  const tools = lock.servers.get(server)?.tools;
  return { file: found?.file ?? "", tools: new Set(Object.keys(found?.program.rules ?? {}).filter((name) => tools?.has(name) === true)) };
}

function draftText(server: string, locked: LockedServer, known: ReadonlySet<string>, { lock, learnt }: ProjectTypes): string | null {
  const tools = new Map([...locked.tools].filter(([name]) => !known.has(name)).map(([name, { definition }]) => [name, definition]));
  if (tools.size === 0 && known.size > 0) return null;
  const identifier = serverIdentifiers(lock.servers.keys()).get(server) ?? server;
  const shapes = (tool: string): LearntSchema | undefined => [...(learnt.servers.get(server)?.get(tool)?.values() ?? [])][0];
  return draftProfile({ identifier, source: locked.source, tools, learnt: shapes });
}

/** A file as whoever stands here would name it: as `--out` did, or in the folder that `--project` named. */
function saidPath({ cwd, projectFolder }: Pick<CommandIo, "cwd" | "projectFolder">, own: string, out: string | undefined): string {
  if (out !== undefined) return out;
  return projectFolder === null ? relative(cwd, own) : join(projectFolder, "profiles", basename(own));
}

function refuseExisting(file: string, said: string): void {
  if (!existsSync(file)) return;
  throw new OffstageError("USAGE", `${said} is there already, and is left as it is.`, { hint: "Give another file with --out, or - to print the draft." });
}

/** Never over what is there, also when it came meanwhile. */
function writeNew(file: string, text: string, said: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    refuseExisting(file, said);
    throw new OffstageError("USAGE", `${said} cannot be written: ${(error as Error).message}`, { hint: "Check the path and its permissions.", cause: error });
  }
}
