import type { Command } from "commander";
import { type Data, isOffstageError } from "offstage/base";
import { changedTools } from "../checkup/changed-tools.ts";
import { checkNight } from "../checkup/night.ts";
import type { NightFinding } from "../checkup/night-finding.ts";
import type { CommandIo } from "../command-io.ts";
import { inProject } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { counted } from "../output/counted.ts";
import { sandboxData } from "../output/sandbox-text.ts";
import { checkQueues } from "../project/check-queues.ts";
import { checkServe, checkStore } from "../project/check-serve.ts";
import { checkUp, type Finding } from "../project/check-up.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { withServers } from "../project/start-servers.ts";
import { escapeControls, tableText } from "../terminal.ts";

/** What is shown of one thing. */
interface Row extends Omit<NightFinding, "about"> {
  readonly name: string;
}

interface DoctorOptions {
  readonly connect?: true;
  readonly strict?: true;
}

/** `offstage doctor`: the 3 a.m. check. Would this run with nobody there? */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--connect", "start and reach each server too, and ask what it offers; reach each queue and the store's database")
    .option("--strict", "fail for what somebody should look at, too")
    .action(io.action((options: DoctorOptions) => doctor(options, io)));
}

async function doctor({ connect: connects = false, strict = false }: { readonly connect?: boolean; readonly strict?: boolean }, io: CommandIo): Promise<ExitCode> {
  const project = openProject(io);
  const looked = await checkUp(project, io);
  if (connects && looked.length + project.settings.queues.length > 0) io.terminal.progress(`connecting to ${[...looked.map(({ server }) => server), ...project.settings.queues.map(({ name }) => name)].join(", ")} …`);
  const findings = named(connects ? await Promise.all(looked.map((finding) => reach(finding, project, io))) : looked, io);
  const queues = named(await checkQueues(project, { clock: io.clock, connects }), io);
  const [serve, store] = [named(checkServe(project), io), named(checkStore(project, connects), io)];
  // What names a database without its URL has no more to tell.
  const night = named(store.some(({ state }) => state === "fails") ? await checkNight(project, io, false) : await checkNight(project, io, connects), io);
  const rows: readonly Row[] = [
    ...findings.map((finding) => ({ ...finding, name: finding.server })), ...queues.map((finding) => ({ ...finding, name: `queue ${finding.queue}` })),
    ...serve.map((finding) => ({ ...finding, name: "serve" })), ...store.map((finding) => ({ ...finding, name: "store" })), ...night.map((finding) => ({ ...finding, name: finding.about })),
  ];
  const [bad, doubtful] = [rows.filter(({ state }) => state === "fails"), rows.filter(({ state }) => state === "warns")];
  const asked = { connected: connects, anything: findings.length + queues.length > 0 };
  const ok = bad.length + (strict ? doubtful.length : 0) === 0;
  const text = `${tableText(rows.map((row) => cells(row, io)))}\n${inProject(io, totalText(bad.length, doubtful.length, asked))}`;
  io.answer({ ok, servers: findings.map(factsOf), queues: queues.map((finding) => ({ ...finding })), serve: serve.map((finding) => ({ ...finding }))[0] ?? null, store: store.map((finding) => ({ ...finding }))[0] ?? null, findings: night.map((finding) => ({ ...finding })) }, text, "prose");
  for (const { name, hint } of [...bad, ...doubtful]) if (hint !== null) io.terminal.note(`${io.terminal.paintNote("cyan", `${escapeControls(name)}:`)} ${escapeControls(hint, "mark")}`);
  return ok ? EXIT.fine : EXIT.failed;
}

/** Commands in hints are those of this project. */
function named<T extends { readonly hint: string | null }>(findings: readonly T[], io: CommandIo): readonly T[] {
  return findings.map((finding) => (finding.hint === null ? finding : { ...finding, hint: inProject(io, finding.hint) }));
}

const SHOWN = 5;

const TONES = { fine: "green", warns: "yellow", fails: "red" } as const;

function cells({ name, state, what }: Row, io: CommandIo): readonly string[] {
  return [io.terminal.paint(TONES[state], state), escapeControls(name), escapeControls(what, "mark")];
}

/** What files tell of a server, and then it itself. */
async function reach(finding: Finding, project: Project, io: CommandIo): Promise<Finding> {
  if (finding.state === "fails") return finding;
  try {
    const listing = await withServers(project, [finding.server], io, (pool) => pool.catalogue(finding.server));
    const { tools } = listing;
    const answers = { ...finding, what: `${finding.what}; it answers, with ${counted(tools.length, "tool")}` };
    const changed = changedTools(project, listing);
    if (changed.length === 0) return answers;
    const shown = `${changed.slice(0, SHOWN).join(", ")}${changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : ""}`;
    return { ...answers, state: "warns", what: `${answers.what}, of which not as locked, or gone: ${shown}`, hint: "What runs call of these is refused. Review and lock them: offstage lock" };
  } catch (error) {
    if (!isOffstageError(error) || error.code === "BUG" || io.signal.aborted) throw error;
    return { ...finding, state: "fails", what: error.message, hint: error.hint ?? null };
  }
}

function totalText(bad: number, doubtful: number, { connected, anything }: { readonly connected: boolean; readonly anything: boolean }): string {
  const looks = doubtful === 0 ? "" : ` ${doubtful} ${doubtful === 1 ? "wants" : "want"} a look.`;
  if (bad > 0) return `${bad} of these would fail with nobody there.${looks}`;
  const unasked = connected || !anything ? "" : " No server and no queue was asked: `offstage doctor --connect` does that.";
  if (doubtful > 0) return `Nothing of these fails by itself.${looks}${unasked}`;
  if (connected) return "Everything that was asked answers: this would run with nobody there.";
  return `As far as its files tell, this would run with nobody there.${unasked}`;
}

function factsOf(finding: Finding): Data {
  return { ...finding, sandbox: sandboxData(finding.sandbox), expiresAt: finding.expiresAt === null || Math.abs(finding.expiresAt) > 8.64e15 ? null : new Date(finding.expiresAt).toISOString() };
}
