import type { Command } from "commander";
import { type Data, isOffstageError } from "offstage/base";
import type { CommandIo } from "../command-io.ts";
import { inProject } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { sandboxData } from "../output/sandbox-text.ts";
import { checkQueues } from "../project/check-queues.ts";
import { checkServe, checkStore, type SettingsFinding } from "../project/check-serve.ts";
import { checkUp, type Finding } from "../project/check-up.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { withServers } from "../project/start-servers.ts";
import { escapeControls, tableText } from "../terminal.ts";

/** `offstage doctor`: the 3 a.m. check. Would this run with nobody there? */
export function register(command: Command, io: CommandIo): void {
  command.option("--connect", "start and reach each server too, and ask what it offers; reach each queue").action(io.action((options: { readonly connect?: true }) => doctor(options.connect === true, io)));
}

async function doctor(connects: boolean, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const looked = await checkUp(project, io);
  if (connects && looked.length + project.settings.queues.length > 0) io.terminal.progress(`connecting to ${[...looked.map(({ server }) => server), ...project.settings.queues.map(({ name }) => name)].join(", ")} …`);
  const reached = connects ? await Promise.all(looked.map((finding) => reach(finding, project, io))) : looked;
  const findings = reached.map((finding) => (finding.hint === null ? finding : { ...finding, hint: inProject(io, finding.hint) }));
  const queues = (await checkQueues(project, { clock: io.clock, connects })).map((finding) => (finding.hint === null ? finding : { ...finding, hint: inProject(io, finding.hint) }));
  const named = (some: readonly SettingsFinding[]): readonly SettingsFinding[] => some.map((finding) => (finding.hint === null ? finding : { ...finding, hint: inProject(io, finding.hint) }));
  const [serve, store] = [named(checkServe(project)), named(checkStore(project))];
  const rows = [...findings.map((finding) => ({ ...finding, name: finding.server })), ...queues.map((finding) => ({ ...finding, name: `queue ${finding.queue}` })), ...serve.map((finding) => ({ ...finding, name: "serve" })), ...store.map((finding) => ({ ...finding, name: "store" }))];
  const bad = rows.filter((row) => row.state === "fails");
  const text = rows.length === 0 ? "mcp.json has no servers yet." : `${tableText(rows.map((row) => cells(row, io)))}\n${inProject(io, totalText(bad.length, connects, { queues: queues.length > 0, others: serve.length + store.length > 0 }))}`;
  io.answer({ ok: bad.length === 0, servers: findings.map(factsOf), queues: queues.map((finding) => ({ ...finding })), serve: serve.map((finding) => ({ ...finding }))[0] ?? null, store: store.map((finding) => ({ ...finding }))[0] ?? null }, text, "prose");
  for (const { name, hint } of bad) if (hint !== null) io.terminal.note(`${io.terminal.paintNote("cyan", `${name}:`)} ${escapeControls(hint, "mark")}`);
  return bad.length === 0 ? EXIT.fine : EXIT.failed;
}

function cells({ name, state, what }: Pick<Finding, "state" | "what"> & { readonly name: string }, io: CommandIo): readonly string[] {
  return [state === "fine" ? io.terminal.paint("green", "fine") : io.terminal.paint("red", "fails"), name, escapeControls(what, "mark")];
}

/** What files tell of a server, and then it itself. */
async function reach(finding: Finding, project: Project, io: CommandIo): Promise<Finding> {
  if (finding.state === "fails") return finding;
  try {
    const { tools } = await withServers(project, [finding.server], io, (pool) => pool.catalogue(finding.server));
    return { ...finding, what: `${finding.what}; it answers, with ${tools.length} ${tools.length === 1 ? "tool" : "tools"}` };
  } catch (error) {
    if (!isOffstageError(error) || error.code === "BUG" || io.signal.aborted) throw error;
    return { ...finding, state: "fails", what: error.message, hint: error.hint ?? null };
  }
}

function totalText(bad: number, connected: boolean, { queues, others }: { readonly queues: boolean; readonly others: boolean }): string {
  if (bad > 0) return `${bad} of ${others ? "these" : `the servers${queues ? " and queues" : ""}`} would fail with nobody there.`;
  if (connected) return `Every server${queues ? " and every queue" : ""} answers: this would run with nobody there.`;
  return `As far as its files tell, this would run with nobody there. No server${queues ? " and no queue" : ""} was asked: \`offstage doctor --connect\` does that.`;
}

function factsOf(finding: Finding): Data {
  return { ...finding, sandbox: sandboxData(finding.sandbox), expiresAt: finding.expiresAt === null || Math.abs(finding.expiresAt) > 8.64e15 ? null : new Date(finding.expiresAt).toISOString() };
}
