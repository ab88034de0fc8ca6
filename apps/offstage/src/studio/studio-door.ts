import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { RunHost } from "offstage/host";
import { createStudioHandler, type Session } from "offstage/studio";
import { callerOf, needRole } from "../api/access.ts";
import { problemOf } from "../api/problem.ts";
import type { CommandIo } from "../command-io.ts";
import type { Answered } from "../open-addresses.ts";
import type { Project } from "../project/load-project.ts";
import { cliVersion } from "../version.ts";
import { createDeskApart } from "./desk-apart.ts";
import { openSession } from "./open-session.ts";

/** What {@link createStudioDoor} needs of whoever serves. */
export interface ServedStudio {
  readonly project: Project;
  /** Drives what is applied: two that drive a store in one process would take its lease from each other. */
  readonly host: RunHost;
  /** Hears of mistakes of ours. */
  readonly failed: (error: unknown) => void;
}

/** Answers chat clients over streamable HTTP, under the tokens of operators. */
export function createStudioDoor(io: CommandIo, { project, host, failed }: ServedStudio): Answered & { close(): Promise<void> } {
  // One for each operator: whoever waits for a silent server holds up nobody else.
  const inProject = { ...io, projectFolder: project.folder };
  const opened = new Map<string | null, ReturnType<typeof openSession>>();
  const sessionOf = (caller: string | null): Session => {
    const one = opened.get(caller) ?? openSession(inProject, createDeskApart(inProject, host));
    opened.set(caller, one);
    return one.session;
  };
  const settled = async (): Promise<void> => void (await Promise.all([...opened.values()].map(({ desk }) => desk.settled())));
  const handler = createStudioHandler({ sessionOf, version: cliVersion(), key: randomBytes(32) }, () => undefined);
  const tokens = project.apiTokens();
  return {
    path: "/mcp",
    async answer(request) {
      try {
        const caller = callerOf(request, tokens());
        needRole(caller, "operator");
        return await handler.answer(request, caller.name);
      } catch (error) {
        const problem = problemOf(error, project.redactor);
        if (problem.status === 500) failed(error);
        return problem;
      }
    },
    async close() {
      // Who waits is still answered: what is under way comes to its end, now that it is to stop.
      await settled();
      await setImmediate();
      await handler.close();
      await settled();
    },
  };
}
