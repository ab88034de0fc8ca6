import type { Command } from "commander";
import type { Data } from "offstage/base";
import type { CommandIo } from "../command-io.ts";
import { inProject } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { sandboxData } from "../output/sandbox-text.ts";
import { checkUp, type Finding } from "../project/check-up.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls, tableText } from "../terminal.ts";

/** `offstage doctor`: the 3 a.m. check. Would this run with nobody there? */
export function register(command: Command, io: CommandIo): void {
  command.action(io.action(() => doctor(io)));
}

async function doctor(io: CommandIo): Promise<ExitCode> {
  const findings = await checkUp(openProject(io), io);
  const bad = findings.filter((finding) => finding.state === "fails");
  io.answer({ ok: bad.length === 0, servers: findings.map(factsOf) }, findings.length === 0 ? "mcp.json has no servers yet." : `${tableText(findings.map((finding) => cells(finding, io)))}\n${totalText(bad.length)}`, "prose");
  for (const { server, hint } of bad) if (hint !== null) io.terminal.note(`${io.terminal.paintNote("cyan", `${server}:`)} ${escapeControls(inProject(io, hint), "mark")}`);
  return bad.length === 0 ? EXIT.fine : EXIT.failed;
}

function cells({ server, state, what }: Finding, io: CommandIo): readonly string[] {
  return [state === "fine" ? io.terminal.paint("green", "fine") : io.terminal.paint("red", "fails"), server, escapeControls(what, "mark")];
}

function totalText(bad: number): string {
  return bad === 0 ? "As far as its files tell, this would run with nobody there. No server was asked: `offstage servers` does that." : `${bad} of the servers would fail with nobody there.`;
}

function factsOf(finding: Finding): Data {
  return { ...finding, sandbox: sandboxData(finding.sandbox), expiresAt: finding.expiresAt === null || Math.abs(finding.expiresAt) > 8.64e15 ? null : new Date(finding.expiresAt).toISOString() };
}
