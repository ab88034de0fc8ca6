import { vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { type Chat, type ChatOptions, startChatOver } from "./chat.ts";
import { startCommand } from "./command-process.ts";
import { createDeskProject, type DeskProject } from "./desk-project.ts";

/** A service that runs workflows and lets chat clients in over streamable HTTP. */
export interface ServedStudio {
  readonly desk: DeskProject;
  /** Where chat clients are let in. */
  readonly url: string;
  /** Whether the service says that it is ready. */
  isReady(): Promise<boolean>;
  /** A chat of an operator: of Ada. */
  open(options: Pick<ChatOptions, "era" | "person">, operator?: "ADA" | "BEN"): Promise<Chat>;
  /** Tells it to stop, and resolves when it has. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** What the service takes for Ada and Ben, operators, and Eve, an approver. */
export const STUDIO_TOKENS = { ADA: "operator-0123456789abcdef", BEN: "another-0123456789abcdef", EVE: "approver-0123456789abcdef" };

/** Makes the project, and starts the service in a process of its own. */
export async function createServedStudio(): Promise<ServedStudio> {
  const desk = await createDeskProject();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  desk.write("offstage.yaml", `serve:\n  listen: "127.0.0.1:${port}"\n  mcp: true\n  api: { tokens: [{ name: ada, role: operator, token: "\${env:ADA}" }, { name: ben, role: operator, token: "\${env:BEN}" }, { name: eve, role: approver, token: "\${env:EVE}" }] }\n`);
  const served = startCommand(desk.folder, ["serve", "tickets"], null, STUDIO_TOKENS);
  const isReady = async (): Promise<boolean> => (await fetch(url.replace("/mcp", "/readyz")).catch(() => null))?.status === 200;
  const stop = async (): Promise<void> => {
    served.child.kill("SIGTERM");
    await served.ended;
  };
  await vi.waitUntil(isReady, { timeout: 30_000, interval: 50 });
  return {
    desk, url, isReady,
    open: (options, operator = "ADA") => startChatOver(url, { ...options, token: STUDIO_TOKENS[operator] }),
    stop,
    async close() {
      await stop();
      desk.remove();
    },
  };
}
