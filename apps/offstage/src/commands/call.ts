import { text as readStream } from "node:stream/consumers";
import { type Data, OffstageError, parseExact, UnsafeInteger } from "offstage/base";
import { type CallOutcome, createCalls, type Rule } from "offstage/calls";
import type { ServerPool } from "offstage/mcp";
import { catalogueOf, hashTool, learntSchema, type RawTool, searchTools, withResult } from "offstage/tools";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine, isForModel } from "../command-line.ts";
import { withTurns } from "../compose-turns.ts";
import { CallEndError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { answerValue } from "../output/answer-value.ts";
import { holdBlobs } from "../output/held-blobs.ts";
import { showProgress } from "../output/progress-text.ts";
import { argumentFaults } from "../project/argument-faults.ts";
import type { ProjectTypes } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { learntKeyOf, type WatchedCall } from "../project/learnt-watch.ts";
import { loadLock, saveLearnt } from "../project/lock-files.ts";
import { refuseStaleClasses } from "../project/pin-server.ts";
import { createProjectRulebook } from "../project/project-rulebook.ts";
import { whoSaysWrite } from "../project/who-says-write.ts";
import { withServers } from "../project/start-servers.ts";
import { typesWithServer } from "../project/types-with-server.ts";

/** How a call is made. */
interface CallCommandOptions {
  readonly args: string;
  readonly yes?: boolean;
  readonly learn?: boolean;
  readonly save?: string;
}

/** How a call fails that nobody answered. */
const UNANSWERED: ReadonlySet<string> = new Set(["CANCELLED", "SERVER_TIMEOUT", "SERVER_EXITED"]);

/** `offstage call server.tool`: one call by a person, outside every run. Reads teach the shape of their results. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<server.tool>", "as in a workflow: github.list_pull_requests")
    .option("--args <json>", "the arguments, a JSON object; - reads them from stdin", "{}")
    .option("--yes", "make the call although it writes: no plan, no ledger, once for each time you say so")
    .option("--save <dir>", "write the images, sounds and files of the result into this folder")
    .option("--learn", "learn the shape of the result: of a write only with this, of a read by itself")
    .option("--no-learn", "do not touch offstage.learnt.json")
    .action(io.action((name: string, options: CallCommandOptions) => call(name, options, io)));
}

/** Calls a tool once. */
export async function call(name: string, options: CallCommandOptions, io: CommandIo): Promise<ExitCode> {
  const { server, tool } = parseName(name);
  const args = parseArguments(options.args === "-" ? await readStream(process.stdin) : options.args);
  const project = openProject(io);
  const lock = loadLock(project);
  return withServers(project, [server], io, async (pool) => {
    const { types, definition } = await lookUp(project, pool, { server, tool }, io);
    const { rules } = createProjectRulebook(project.settings, types);
    await refuseArguments(io, { name, definition, args });
    const rule = rules.rule(server, tool, args);
    const writes = rule.effect === "write";
    if (writes && project.settings.dryRun) throw new OffstageError("DRY_RUN", `${name} may write, and this is a dry run.`, { hint: "Take dryRun out of offstage.yaml when it shall be done." });
    if (writes && options.yes !== true) throw refusedWrite(io, name, whoSaysWrite(project.settings, types, { server, tool, args }));
    // What reads is called unasked, so who says that it reads was reviewed; a server that nobody has locked has no review to be behind.
    if (options.yes !== true) refuseStaleClasses({ lock, profiles: types.profiles }, project.settings, [server]);
    const pinned = types.lock.servers.get(server)?.tools.get(tool);
    const unvouched = writes ? "it writes" : rule.isHinted === true ? "only its server says that it reads" : null;
    if (unvouched !== null && pinned !== undefined && pinned.hash !== hashTool(definition)) throw new OffstageError("TOOL_CHANGED", `${name} is not the tool that offstage.lock has, and ${unvouched}: it is not called.`, { hint: `\`${commandLine(io, "lock", "--check")}\` tells the difference, \`${commandLine(io, "lock", "--accept", name)}\` accepts it.` });
    if (pinned?.hash !== hashTool(definition)) io.terminal.note(`${name} is not the tool that offstage.lock has (\`${commandLine(io, "lock", "--check")}\` tells the difference).`);
    const blobs = holdBlobs();
    const outcome = await withTurns(io, project, { server, rate: rule.rate }, (turns) => {
      const calls = createCalls({ sessions: (one) => pool.session(one), rules, redactor: project.redactor, clock: io.clock, timeoutMs: (one) => project.timeoutMs(one), blobs, ...(turns === null ? {} : { turns }) });
      return calls.call(server, tool, args, { signal: io.signal, onProgress: showProgress(name, io.terminal, io.clock) });
    });
    if (outcome.kind !== "value") throw callFailure(outcome, { name, writes, io });
    if (options.learn ?? !writes) learn(project, types, { server, tool, args }, outcome.value);
    else if (options.learn === undefined && !isTold(types, { server, tool, args }, { definition, rule })) io.terminal.note(`Nothing was learnt of what ${name} answers: a write teaches only with --learn. Rather than call it again, say in profiles/${server}.ts what it answers, by the \`result\` of its rule.`);
    answerValue(io, outcome.value, blobs, options.save);
    return EXIT.fine;
  }, lock);
}

/** The tool as the server has it now; a server that is not locked yet is pinned for this one call. */
async function lookUp(project: Project, pool: ServerPool, use: { readonly server: string; readonly tool: string }, io: CommandIo): Promise<{ readonly types: ProjectTypes; readonly definition: RawTool }> {
  const { server, tool } = use;
  const { catalogue } = catalogueOf(await pool.catalogue(server));
  const definition = catalogue.tools.get(tool);
  if (definition === undefined) {
    const near = searchTools([catalogue], tool, 8);
    throw new OffstageError("TOOL_UNKNOWN", `The server ${server} has no tool ${tool}.`, { hint: near.length === 0 ? `\`${commandLine(io, "tools", server)}\` lists them.` : `Nearest: ${near.map((one) => one.tool).join(", ")}.` });
  }
  return { types: await typesWithServer(project, pool, server, io), definition };
}

/** Why there is no result. A write that was sent and not answered may have happened: whoever ends it, or waits no longer, has to know that. */
function callFailure(outcome: Exclude<CallOutcome, { readonly kind: "value" }>, { name, writes, io }: { readonly name: string; readonly writes: boolean; readonly io: CommandIo }): OffstageError {
  const { code, message, hint } = outcome.error;
  if (writes && outcome.kind === "error" && !outcome.refused && UNANSWERED.has(code)) {
    const interrupted = io.signal.aborted && code === "CANCELLED";
    // At once: its server may take its time to end, and a second Ctrl-C does not wait for that.
    if (interrupted) io.terminal.note(`Stopping: ${name} is under way and may have happened.`);
    return new CallEndError(code, `${interrupted ? "Interrupted." : message} ${name} had been sent and was not answered: it may have happened.`, { hint: "Look whether it did before you call it again." });
  }
  const Failure = code === "CANCELLED" ? OffstageError : CallEndError;
  return new Failure(code, message, hint === undefined ? {} : { hint });
}

/** Whether a workflow knows what such a call gives without a further answer. */
function isTold(types: ProjectTypes, use: WatchedCall, { definition, rule }: { readonly definition: RawTool; readonly rule: Rule }): boolean {
  return rule.result !== undefined || definition["outputSchema"] !== undefined || learntSchema(types.learnt, learntKeyOf(types, use)) !== undefined;
}

function learn(project: Project, types: ProjectTypes, use: WatchedCall, value: Data): void {
  saveLearnt(project, withResult(types.learnt, learntKeyOf(types, use), value));
}

function parseName(name: string): { readonly server: string; readonly tool: string } {
  const dot = name.indexOf(".");
  if (dot > 0 && dot < name.length - 1) return { server: name.slice(0, dot), tool: name.slice(dot + 1) };
  throw new OffstageError("USAGE", `"${name}" does not name a tool.`, { hint: "Write server.tool, as in a workflow: github.list_pull_requests" });
}

function parseArguments(text: string): Data {
  let args: Data;
  try {
    args = parseExact(text);
  } catch (error) {
    throw new OffstageError("USAGE", `--args: ${(error as Error).message}`, { hint: `Write --args '{"name": "value"}'.`, cause: error });
  }
  if (typeof args === "object" && args !== null && !Array.isArray(args) && !(args instanceof UnsafeInteger)) return args;
  throw new OffstageError("USAGE", "--args is not a JSON object.", { hint: `Write --args '{"name": "value"}'.` });
}

async function refuseArguments(io: CommandIo, { name, definition, args }: { readonly name: string; readonly definition: RawTool; readonly args: Data }): Promise<void> {
  const faults = await argumentFaults(definition["inputSchema"], args);
  if (faults.length === 0) return;
  throw new OffstageError("USAGE", `${name} does not take these arguments: ${faults.join("; ")}.`, { hint: `Nothing was sent. \`${commandLine(io, "tools", name)}\` shows what it takes.` });
}

function refusedWrite(io: CommandIo, name: string, why: string): OffstageError {
  const hint = isForModel(io)
    ? "Put it into a workflow, and plan that. If it only reads, draft a profile that says so: it holds when a person has adopted it."
    : "Add --yes if you mean it. If it only reads, say so in a profile, or under policy.classes in offstage.yaml.";
  return new OffstageError("USAGE", `${name}: ${why}.`, { hint });
}
