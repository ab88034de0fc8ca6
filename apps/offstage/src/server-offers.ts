import { type Data, OffstageError } from "offstage/base";
import { createCalls } from "offstage/calls";
import type { Completion, ListItem, Offer, Offers } from "offstage/mcp";
import type { CommandIo } from "./command-io.ts";
import { commandLine } from "./command-line.ts";
import { withTurns } from "./compose-turns.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { answerValue } from "./output/answer-value.ts";
import { holdBlobs } from "./output/held-blobs.ts";
import { openProject } from "./project/load-project.ts";
import { loadLock } from "./project/lock-files.ts";
import { createProjectRulebook } from "./project/project-rulebook.ts";
import { withServers } from "./project/start-servers.ts";
import { typesWithServer } from "./project/types-with-server.ts";
import { escapeControls, tableText } from "./terminal.ts";

/** What servers have besides tools: listed, read, and asked how an argument may go on. For `offstage read` and `offstage prompt`. */

/** One line of a list: what is copied into the next command, and what it is. */
export interface OfferLine {
  readonly name: string;
  readonly about: string;
  readonly data: ListItem;
}

/** Lists what the servers have (all of them, where none is named). */
export async function listOffers(io: CommandIo, server: string | undefined, none: string, linesOf: (offers: Offers) => readonly OfferLine[]): Promise<ExitCode> {
  const project = openProject(io);
  const names = server === undefined ? project.servers.map(({ name }) => name) : [server];
  if (names.length === 0) throw new OffstageError("USAGE", "mcp.json has no servers yet.", { hint: "Add one under mcpServers." });
  io.terminal.progress(`connecting to ${names.join(", ")} …`);
  const all = await withServers(project, names, io, async (pool) => Promise.all(names.map((name) => pool.offers(name))), loadLock(project));
  const lines = all.flatMap((offers) => linesOf(offers).map((line) => ({ server: offers.server, ...line })));
  const rows = lines.map((line) => [line.server, io.terminal.paint("bold", escapeControls(line.name)), escapeControls(line.about.split("\n")[0] ?? "")]);
  io.answer(lines.map(({ server: of, data }) => ({ server: of, ...data }) as Data), rows.length === 0 ? none : tableText(rows, io.terminal.width), "prose");
  return EXIT.fine;
}

/** Reads a resource or a prompt as a workflow does. */
export async function readOffer(io: CommandIo, server: string, offer: Offer, save?: string): Promise<ExitCode> {
  const project = openProject(io);
  return withServers(project, [server], io, async (pool) => {
    if (offer.kind === "prompt") refuseMissing(io, server, offer, await pool.offers(server));
    const { rules } = createProjectRulebook(project.settings, await typesWithServer(project, pool, server, io));
    const blobs = holdBlobs();
    const outcome = await withTurns(io, project, { server, rate: rules.rule(server, "", {}).rate }, (turns) => {
      const calls = createCalls({ sessions: (one) => pool.session(one), rules, redactor: project.redactor, clock: io.clock, timeoutMs: (one) => project.timeoutMs(one), blobs, ...(turns === null ? {} : { turns }) });
      return calls.readOffer({ server, offer });
    });
    if (outcome.kind === "error") throw new OffstageError(outcome.error.code, outcome.error.message, outcome.error.hint === undefined ? {} : { hint: outcome.error.hint });
    answerValue(io, outcome.value, blobs, save);
    return EXIT.fine;
  }, loadLock(project));
}

/** What a prompt cannot be without is told with all that it takes, instead of the server's own words for it. Errors: `USAGE`. */
function refuseMissing(io: CommandIo, server: string, { name, args }: Extract<Offer, { readonly kind: "prompt" }>, { prompts }: Offers): void {
  const prompt = prompts.find((one) => textOf(one, "name") === name);
  const wanted = prompt === undefined ? [] : argumentsOf(prompt);
  const missing = wanted.filter((one) => one.required && !Object.hasOwn(args, one.name));
  if (missing.length === 0) return;
  const example = JSON.stringify(Object.fromEntries([...missing.map((one) => [one.name, "…"]), ...Object.entries(args)]));
  throw new OffstageError("USAGE", `The prompt ${name} of ${server} needs ${missing.map((one) => one.name).join(", ")}.`, {
    hint: [`Write: ${commandLine(io, "prompt", server, name, "--args", example)}`, "It takes:", ...wanted.map((one) => `${one.name}${one.required ? "" : " (optional)"}${one.about === "" ? "" : `: ${one.about}`}`)].join("\n"),
  });
}

/** What a prompt takes. */
export function argumentsOf(prompt: ListItem): readonly { readonly name: string; readonly about: string; readonly required: boolean }[] {
  const list = prompt["arguments"];
  return Array.isArray(list) ? (list as readonly ListItem[]).map((one) => ({ name: textOf(one, "name"), about: textOf(one, "description"), required: one["required"] === true })) : [];
}

/** What a server proposes for an argument, a line each. */
export async function propose(io: CommandIo, server: string, completion: Completion): Promise<ExitCode> {
  const project = openProject(io);
  return withServers(project, [server], io, async (pool) => {
    if (!(await pool.offers(server)).completes) throw new OffstageError("USAGE", `The server ${server} does not say how arguments may go on.`);
    const reply = await (await pool.session(server)).complete(completion, { timeoutMs: project.timeoutMs(server), signal: io.signal });
    if (reply.kind === "error") throw new OffstageError(reply.error.code, project.redactor.redact(reply.error.message));
    io.answer({ values: [...reply.values], more: reply.more }, reply.values.map((value) => escapeControls(value)).join("\n"));
    if (reply.more) io.terminal.note("There are more: write more of the argument.");
    return EXIT.fine;
  }, loadLock(project));
}

/** `name=value`, as `--complete` takes it. Errors: `USAGE`. */
export function argumentOf(text: string): { readonly argument: string; readonly value: string } {
  const at = text.indexOf("=");
  if (at > 0) return { argument: text.slice(0, at), value: text.slice(at + 1) };
  throw new OffstageError("USAGE", `"${text}" names no argument.`, { hint: "Write --complete name=beginning; the beginning may be empty." });
}

/** A member of an item that is a text. */
export function textOf(item: ListItem, name: string): string {
  const value = item[name];
  return typeof value === "string" ? value : "";
}
