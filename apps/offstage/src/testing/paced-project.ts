import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { createRedactor } from "offstage/base";
import type { Lane } from "offstage/calls";
import { withStore } from "../compose-store.ts";
import { credentialKey } from "../config/credential-key.ts";
import { loadProject } from "../project/load-project.ts";
import { type CommandProcess, startCommand } from "./command-process.ts";
import { createTestProject, type TestProject } from "./command-line.ts";

/** A project over one real server in this process, that sees when its calls come. `near` and `far` are two entries of it with one token. */
export interface PacedProject extends TestProject {
  /** When calls came, by a clock that only goes forward; ms. */
  readonly times: readonly number[];
  /** How many calls were under way at once. */
  readonly most: () => number;
  /** Answers calls from now on when this resolves; forgets those that came before. */
  answer(when: (call: number) => Promise<unknown>): void;
  /** What the store knows of the turns of a server's calls. */
  lane(server: string): Promise<Lane | null>;
  /** A plan of a workflow, in a process of its own: it calls what only reads, whoever drives the store. */
  plan(workflow: string): CommandProcess;
  close(): Promise<void>;
}

const TOKEN = "token-of-the-paced-server";

function workflow(name: string, server: string, calls: number): string {
  return `import { range, workflow } from "offstage";\nimport { ${server} } from "#servers";\nexport default workflow({ name: "${name}", on: [] }, async () => {\n  for (const n of range(${calls})) await ${server}.tick({ n });\n});\n`;
}

/** Makes the project and locks its servers; `settings` is its `offstage.yaml`, without what says that its tool reads. */
export async function createPacedProject(settings: string, calls: number): Promise<PacedProject> {
  const times: number[] = [];
  let under = 0;
  let most = 0;
  let answering: (call: number) => Promise<unknown> = () => Promise.resolve();
  const handler = createMcpHandler(() => {
    const server = new Server({ name: "paced", version: "1.0.0" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: [{ name: "tick", description: "Ticks.", inputSchema: { type: "object" as const, properties: { n: { type: "integer" } } } }] }));
    server.setRequestHandler("tools/call", async () => {
      most = Math.max(most, (under += 1));
      await answering(times.push(performance.now()));
      under -= 1;
      return { content: [{ type: "text" as const, text: "tock" }] };
    });
    return server;
  });
  const listener = createServer(getRequestListener((request) => handler.fetch(request)) as Parameters<typeof createServer>[1]);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const entry = { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/mcp`, headers: { Authorization: "Bearer ${env:PACED_TOKEN}" } };
  const env = { PACED_TOKEN: TOKEN };
  const project = createTestProject({
    "mcp.json": JSON.stringify({ mcpServers: { near: entry, far: entry } }),
    "offstage.yaml": `${settings}policy: { classes: [{ server: near, tool: tick, effect: read }, { server: far, tool: tick, effect: read }] }\n`,
    "workflows/nearby.ts": workflow("nearby", "near", calls), "workflows/far-off.ts": workflow("far-off", "far", calls),
  }, env);
  const locked = await project.run("lock");
  if (locked.code !== 0) throw new Error(`offstage lock failed: ${locked.err}`);
  const started: CommandProcess[] = [];
  return {
    ...project, times,
    most: () => most,
    answer(when) {
      answering = when;
      times.length = 0;
      most = 0;
      under = 0;
    },
    async lane(server) {
      const loaded = loadProject(project.folder, { env, redactor: createRedactor() });
      const { lane } = await withStore(loaded, (store) => store.transact({ durable: false, reads: true }, (tx) => tx.getLane(credentialKey(loaded.server(server), store.id))));
      return lane as unknown as Lane | null;
    },
    plan(name) {
      const process = startCommand(project.folder, ["plan", name], "", env);
      started.push(process);
      return process;
    },
    async close() {
      for (const { child } of started) child.kill("SIGKILL");
      await Promise.all(started.map(({ ended }) => ended));
      listener.closeAllConnections();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
      project.remove();
    },
  };
}
