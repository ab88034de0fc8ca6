import type { RunNews } from "offstage/host";
import { startLog, traceIdOf } from "offstage/telemetry";
import type { CommandIo } from "./command-io.ts";
import { serviceName, traceSettings } from "./config/telemetry-environment.ts";
import { failureOf } from "./errors.ts";
import { changedLine, runNewsLine, serveNewsLine } from "./output/serve-lines.ts";
import type { ServeListener } from "./serve-project.ts";
import type { Terminal } from "./terminal.ts";
import { cliVersion } from "./version.ts";

/** How `offstage serve` tells on stderr what happens. */
export interface ServeTeller {
  /** In the place of the command's own: what anybody else has to say is told in the same form. */
  readonly terminal: Terminal;
  news(news: Told): void;
  say(event: string, text: string): void;
  /** A tool that is not as it was locked; `check` is the command that says more. */
  changed(tool: string, check: string): void;
  /** What ends the process; whoever runs the command prints it for people. */
  failed(error: unknown): void;
}

type Told = RunNews | Parameters<ServeListener["news"]>[0];

/** Lines for people, each with its time. */
export function textTeller({ terminal, clock }: Pick<CommandIo, "terminal" | "clock">): ServeTeller {
  const say = (line: string | null): void => {
    if (line !== null) terminal.note(`${new Date(clock.now()).toISOString()} ${line}`);
  };
  return {
    terminal,
    news: (news) => say(lineOf(news)),
    say: (_event, text) => say(text),
    changed: (tool, check) => say(changedLine(tool, check)),
    failed: () => undefined,
  };
}

/** One JSON record a line; where runs are traced, with their traces. */
export async function jsonTeller({ terminal, clock, redactor, env }: Pick<CommandIo, "terminal" | "clock" | "redactor" | "env">): Promise<ServeTeller> {
  const traceOf = traceSettings(env) === null ? () => null : traceIdOf;
  const log = await startLog({ write: (line) => terminal.record(line), now: () => clock.now(), redactor, resource: { name: serviceName(env), version: cliVersion() }, traceOf });
  return {
    terminal: { ...terminal, note: (text) => log.note("info", "offstage.note", text), progress: () => undefined },
    news(news) {
      if (news.kind === "open") log.note("info", "offstage.address.opened", bodyOf(news), { "url.full": news.url, "offstage.paths": news.paths });
      else log.observed(news, bodyOf(news));
    },
    say: (event, text) => log.note("info", event, text),
    changed: (tool, check) => log.observed({ kind: "tool-changed", tool }, flat(changedLine(tool, check))),
    failed(error) {
      const { code, message, diagnostics = [] } = failureOf(error);
      const faults = diagnostics.map(({ file, line, column, code: fault, message: what }) => `${file}:${line}:${column} ${fault} ${what}`);
      log.note("error", "offstage.process.failed", [message, ...faults].join("; "), { "error.type": code });
    },
  };
}

function lineOf(news: Told): string | null {
  switch (news.kind) {
    case "run-started":
    case "run-parked":
    case "run-ended":
    case "run-waiting":
    case "effect-done":
    case "effect-held":
    case "effect-ambiguous":
    case "effect-failed":
    case "effect-skipped":
    case "log":
      return runNewsLine(news);
    default:
      return serveNewsLine(news);
  }
}

/** What a workflow logs is the text itself; the columns of the other lines mean nothing here. */
function bodyOf(news: Told): string {
  if (news.kind === "log") return news.text;
  return flat(lineOf(news) ?? ("label" in news ? `${news.outcome} ${news.label}` : news.kind));
}

function flat(line: string): string {
  return line.replace(/ {2,}/g, " ");
}
