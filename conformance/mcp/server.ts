import { randomBytes } from "node:crypto";
import { hostHeaderValidationResponse, localhostAllowedHostnames, localhostAllowedOrigins, originValidationResponse } from "@modelcontextprotocol/server";
import { createRedactor } from "offstage/base";
import { createStudioHandler } from "offstage/studio";
import type { CommandIo } from "../../apps/offstage/src/command-io.ts";
import { listen } from "../../apps/offstage/src/listen.ts";
import { openSession } from "../../apps/offstage/src/studio/open-session.ts";
import { createSystemClock } from "../../apps/offstage/src/system-clock.ts";
import { createTerminal } from "../../apps/offstage/src/terminal.ts";

/** The studio of a project over HTTP, as the suite can reach it: without a token, on this machine alone. */
export async function serveStudio(folder: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const [clock, redactor] = [createSystemClock(), createRedactor()];
  const terminal = createTerminal({ stdout: process.stderr, stderr: process.stderr, noColor: true, redactor, now: () => clock.now() });
  const io: CommandIo & { readonly projectFolder: string } = { terminal, clock, redactor, json: false, projectFolder: folder, cwd: folder, env: process.env, signal: new AbortController().signal, answer: () => undefined, action: () => () => Promise.resolve() };
  const { session } = openSession(io);
  const handler = createStudioHandler({ sessionOf: () => session, version: "0.0.0", key: randomBytes(32) }, () => undefined);
  const opened = await listen({ host: "127.0.0.1", port: 0 }, async (request) =>
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ?? originValidationResponse(request, localhostAllowedOrigins()) ?? handler.answer(request, null));
  return {
    url: `${opened.url}/mcp`,
    async close() {
      await handler.close();
      await opened.close();
    },
  };
}
