import type { Data, Diagnostic, ErrorData } from "offstage/base";
import { hintsReadOnly, type Lock, type ToolWarning } from "offstage/tools";
import type { CommandIo } from "../command-io.ts";
import { commandLine, inProject } from "../command-line.ts";
import type { Acceptance } from "../project/accept-changes.ts";
import type { LockChange } from "../project/lock-diff.ts";
import { type UnsettledProfile, unsettledText } from "../project/unsettled-profiles.ts";
import type { Affected } from "../project/who-is-affected.ts";
import { diagnosticText, inItsProject } from "../errors.ts";
import { escapeControls } from "../terminal.ts";
import { counted } from "./counted.ts";
import { warningText } from "./warning-text.ts";

/** What `offstage lock` found and did. */
export interface LockAnswer {
  readonly changes: readonly LockChange[];
  /** Of each change. */
  readonly affected: readonly Affected[];
  readonly acceptance: Acceptance;
  /** What `--accept` names. */
  readonly named: readonly string[];
  /** What is odd in the texts of what is new or changed. */
  readonly warnings: readonly ToolWarning[];
  /** Servers whose introduction is pinned for the first time, though they were locked. */
  readonly notPinned: readonly string[];
  /** Profiles of which something is left to settle. */
  readonly unsettled: readonly UnsettledProfile[];
  /** Workflows that do not check with the servers as they are. */
  readonly broken: readonly string[];
  /** Those that do not check with the former lock either: what they use is not known. */
  readonly unread: readonly string[];
  /** Why the project's profiles do not fit the tools as they are now: then nothing is written. */
  readonly profileFaults: readonly Diagnostic[];
  readonly lock: Lock;
  readonly failed: readonly { readonly server: string; readonly error: ErrorData }[];
  readonly check: boolean;
}

export function lockAnswerData({ changes, affected, acceptance, warnings, notPinned, unsettled, broken, unread, profileFaults, failed, check }: LockAnswer): Data {
  return {
    changes: changes.map((change, index): Data => ({ ...change, accepted: !check && acceptance.accepts(change.server, change.tool), breaks: (affected[index]?.breaks ?? []).map((one): Data => ({ workflow: one.workflow, fault: { ...one.fault } })), use: [...(affected[index]?.use ?? [])], look: [...(affected[index]?.look ?? [])] })),
    breaking: affected.some(({ breaks }) => breaks.length > 0),
    warnings: warnings.map((warning): Data => ({ ...warning })),
    notPinned: [...notPinned],
    unsettled: unsettled.map((profile): Data => ({ ...profile })),
    broken: [...broken],
    unread: [...unread],
    failed: failed.map((one): Data => ({ server: one.server, error: { ...one.error } as Data })),
    profileFaults: profileFaults.map((fault): Data => ({ ...fault }) as unknown as Data),
    written: !check && profileFaults.length === 0,
  };
}

export function lockAnswerText(answer: LockAnswer, io: CommandIo): string {
  const { changes, warnings, lock, failed } = answer;
  if (lock.servers.size + failed.length + changes.length === 0) return "mcp.json has no servers yet: there is nothing to lock.";
  const told = new Set(changes.map(keyOf));
  const others = warnings.filter((warning) => !told.has(keyOf(warning)));
  return [
    ...changes.map((change, index) => changeText(change, answer.affected[index] ?? NOBODY, answer, io)),
    ...others.map((warning) => io.terminal.paint("yellow", warningText(warning, "named"))),
    headLine(answer),
    ...notes(answer, io),
  ].join("\n");
}

function headLine({ changes, affected, acceptance, profileFaults, lock, failed, check }: LockAnswer): string {
  // Of those that did not answer, what was pinned stays, and nothing is said.
  const away = new Set(failed.map(({ server }) => server));
  const asked = [...lock.servers].filter(([server]) => !away.has(server));
  const tools = asked.reduce((sum, [, server]) => sum + server.tools.size, 0);
  const total = `${counted(asked.length, "server")}, ${counted(tools, "tool")}`;
  const breaking = affected.filter(({ breaks }) => breaks.length > 0).length;
  const differs = `offstage.lock differs from the servers (${counted(changes.length, "change")}${breaking === 0 ? "" : `, ${breaking} of them breaking`})`;
  const pending = changes.filter(({ server, tool }) => !acceptance.accepts(server, tool)).length;
  const head = changes.length === 0 ? `No changes: ${total}` : check || profileFaults.length > 0 ? differs : `Locked ${total}${pending === 0 ? "" : `; ${counted(pending, "change")} not accepted: runs refuse what they write`}`;
  return failed.length === 0 ? `${head}.` : `${head}; could not be reached: ${failed.map(({ server }) => escapeControls(server)).join(", ")}.`;
}

function notes({ notPinned, unsettled, broken, profileFaults, lock, check }: LockAnswer, io: CommandIo): readonly string[] {
  const unfit = profileFaults.map((fault) => diagnosticText(inItsProject(fault, io), { width: io.terminal.width, paintNote: io.terminal.paint }));
  if (unfit.length > 0) return [...unfit, ...(check ? [] : ["Nothing was written: mend the profile, which does not fit the tools as they are now."])];
  const unpinned = notPinned.map((server) => `${escapeControls(server)}: its capabilities and instructions ${check ? `are not pinned yet; ${commandLine(io, "lock", ...(io.ownCode === undefined ? [] : ["--accept"]))} pins them` : "were not pinned before, and are now"}.`);
  const tail = broken.length === 0 ? [] : [io.terminal.paint("yellow", `These workflows do not check: ${broken.join(", ")} (${commandLine(io, "check")} tells why)`)];
  const open = unsettled.map((profile) => inProject(io, `${escapeControls(profile.file)}: ${unsettledText(profile)}`));
  return [...unpinned, ...open, ...(check ? [] : unclassed(lock)), ...tail];
}

/** Servers of which nobody says anything: people wonder why each of their reads wants an approval. */
function unclassed(lock: Lock): readonly string[] {
  return [...lock.servers].filter(([, { tools }]) => tools.size > 0 && [...tools.values()].every(({ classes }) => classes.every(({ from }) => from === "default"))).map(([server, { tools }]) => {
    const hinted = [...tools.values()].filter(({ definition }) => hintsReadOnly(definition)).length;
    return `${server}: nobody says which of its ${tools.size} tools only read, so all count as writes${hinted === 0 ? "" : ` (it calls ${hinted} of them read-only itself)`}; see policy.classes and trustHints in docs/guides/config.md.`;
  });
}

const SIGNS = { added: ["+", "green"], removed: ["-", "red"], changed: ["~", "yellow"] } as const;

const NOBODY: Affected = { breaks: [], use: [], look: [] };

function changeText(change: LockChange, { breaks, use, look }: Affected, { acceptance, warnings, named, unread, check }: LockAnswer, { terminal }: CommandIo): string {
  const [sign, color] = SIGNS[change.kind];
  const what = escapeControls(change.tool === null ? change.server : `${change.server}.${change.tool}`);
  const pending = check || acceptance.accepts(change.server, change.tool) ? "" : "  (not accepted)";
  const odd = warnings.filter((warning) => keyOf(warning) === keyOf(change)).map((warning) => terminal.paint("yellow", warningText(warning, "below")));
  const broken = breaks.map(({ workflow, fault }) => terminal.paint("red", `breaks ${workflow}: ${escapeControls(`${fault.file}:${fault.line}:${fault.column} ${fault.code} ${fault.message.split("\n")[0] ?? ""}`)}`));
  const looked = look.length === 0 ? [] : [`look at ${look.join(", ")}: ${look.length === 1 ? "it uses" : "they use"} it`];
  const used = use.length === 0 ? [] : [`used by ${use.join(", ")}`];
  // Nobody wonders who uses what everybody sees for the first time; whoever takes one thing over does.
  const wanted = change.kind !== "added" || named.includes(change.server) || named.includes(`${change.server}.${change.tool ?? ""}`);
  const nobody = wanted && breaks.length + use.length + look.length === 0 ? [unread.length === 0 ? "no workflow uses it" : "no workflow that checks uses it"] : [];
  return [terminal.paint(color, `${sign} ${what}`) + pending, ...[...change.details.map((line) => escapeControls(line)), ...odd, ...broken, ...used, ...looked, ...nobody].map((line) => `    ${line}`)].join("\n");
}

function keyOf({ server, tool }: { readonly server: string; readonly tool: string | null }): string {
  return JSON.stringify([server, tool]);
}
