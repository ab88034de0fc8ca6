import { createServerPool, type ServerPool } from "offstage/mcp";
import { EMPTY_LOCK, type Lock, type LockedServer } from "offstage/tools";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { questionText } from "../output/question-text.ts";
import { lazyModels } from "./lazy-models.ts";
import type { Project } from "./load-project.ts";
import { type ProfileHosts, profileHosts, withHosts } from "./profile-hosts.ts";
import { createQuestions, type OpenQuestion } from "./questions.ts";
import { createServerLog } from "./server-log.ts";
import { cliVersion } from "../version.ts";
import { tokenFiles } from "./token-files.ts";

/** A start has to download a package at times (`npx -y …`). */
const CONNECT_TIMEOUT_MS = 60_000;

/** What starting servers needs of a command. */
type StartIo = Pick<CommandIo, "clock" | "env" | "projectFolder" | "terminal">;

/** What is known of servers before they are started; looked at when one is first used. */
export interface KnownServers {
  /** One that it has is spoken to as it was pinned; others are asked which protocol they speak. */
  readonly lock: Lock;
  /** What their profiles let them reach in a sandbox. */
  readonly hosts: ProfileHosts;
}

/**
 * The named servers of a project, started when first used; what a program has to be run for is resolved then too. Close the pool in a
 * `finally`: it ends their process groups.
 */
export function startServers(project: Project, names: readonly string[], io: StartIo, known: KnownServers): ServerPool {
  const log = createServerLog(project.folder, () => io.clock.now());
  const closed = new AbortController();
  const { reply } = lazyModels(project, io.clock, closed.signal);
  const questions = createQuestions(project.folder, io.clock, project.redactor);
  const announce = (question: OpenQuestion): void => io.terminal.note(`A call waits for an answer: ${commandLine(io, "answer", question.id)} …\n${questionText(question)}`);
  const pool = createServerPool({
    servers: names.map((name) => ({ name, config: () => withHosts({ ...project.server(name).config, ...eraOf(known.lock.servers.get(name)) }, known.hosts.get(name) ?? []) })),
    tokens: tokenFiles(project, io.clock),
    clock: io.clock,
    redactor: project.redactor,
    inheritedEnv: io.env,
    onStderr: (server, line) => log.append(server, line),
    clientVersion: cliVersion(),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    requests: (server) => project.server(server).requests({ model: reply, person: questions.asking(server, announce) }),
  });
  return {
    ...pool,
    close() {
      closed.abort();
      return pool.close();
    },
  };
}

/** A use of servers that makes no run and needs them all: Ctrl-C ends them at once, so that nobody waits for one that hangs, and so does the end. */
export async function withServers<T>(project: Project, names: readonly string[], io: StartIo & Pick<CommandIo, "signal">, use: (pool: ServerPool) => Promise<T>, lock: Lock = EMPTY_LOCK): Promise<T> {
  // Ctrl-C may have come while the command was loaded.
  io.signal.throwIfAborted();
  // A missing secret of one is told before another one is started.
  for (const name of names) project.server(name);
  const hosts = await profileHosts(project, names, io.env);
  io.signal.throwIfAborted();
  const pool = startServers(project, names, io, { lock, hosts });
  const stop = (): void => void pool.close();
  io.signal.addEventListener("abort", stop, { once: true });
  try {
    return await use(pool);
  } finally {
    io.signal.removeEventListener("abort", stop);
    await pool.close();
  }
}

function eraOf(locked: LockedServer | undefined): { readonly era?: "legacy" | "modern" } {
  return locked === undefined ? {} : { era: locked.protocol.era };
}
