import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Store } from "offstage/state";
import { openPostgresStore } from "offstage/stores/postgres";
import { openSqliteStore } from "offstage/stores/sqlite";
import { createTestProject, type TestProject } from "../../apps/offstage/src/testing/command-line.ts";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { writesOf } from "../resilience/load.ts";
import { WORKFLOWS } from "./shop-workflows.ts";

/** A shop over real servers that keep what they were told: one over HTTP, which is a process of its own, and one that each `serve` starts on stdio. */
export interface Shop {
  /** The folders of two projects over one store: whoever serves them listens at a port of its own. */
  readonly places: readonly [ShopPlace, ShopPlace];
  /** The store's file; null: it is in PostgreSQL. */
  readonly storeFile: string | null;
  /** The store, beside whoever uses it. Close it. */
  openStore(): Promise<Store>;
  /** How often each text was written. */
  made(): ReadonlyMap<string, number>;
  /** The server over HTTP is gone, without a word. */
  closeServer(): Promise<void>;
  openServer(): Promise<void>;
  remove(): Promise<void>;
}

/** A project of the shop, and the port at which its `serve` listens. */
export interface ShopPlace {
  readonly project: TestProject;
  readonly port: number;
}

/** What `serve` gets in its environment. */
export const SECRETS = { HOOK_SECRET: "a-webhook-secret", ADA: "approver-0123456789abcdef" };

const KEEPER = fileURLToPath(new URL("../resilience/keeper.ts", import.meta.url));
/** Short, so that what a kill cut off is provable soon. */
const settings = (store: string, port: number): string => `store: ${store}
servers: { shop: { timeout: 2s }, till: { timeout: 2s } }
webhooks: { shop: { verify: github, secret: "\${env:HOOK_SECRET}" } }
serve: { listen: "127.0.0.1:${port}", api: { tokens: [{ name: ada, role: approver, token: "\${env:ADA}" }] } }
`;
const PROFILE = (server: string): string => `import { profile } from "offstage";
import { ${server} } from "#servers";
export default profile<typeof ${server}>("keeper@1", {
  add: [{ effect: "read", result: (r) => ({ sum: r.text }) }],
  find: [{ effect: "read", consistent: true, result: (r) => ({ found: r.data.found === true }) }],
  echo: [{ effect: "write", affects: ["find"], result: (r) => ({ text: String(r.data.text) }) }],
});
`;

/** Makes it, locks its servers and compiles its workflows. The store is in PostgreSQL where its URL is given, else a file, in the project or in `storeFolder`. Remove it in the end. */
export async function createShop({ postgresUrl, storeFolder }: { readonly postgresUrl?: string; readonly storeFolder?: string } = {}): Promise<Shop> {
  const [one, other] = [createTestProject(), createTestProject()];
  const [port, first, second] = [await freePort(), await freePort(), await freePort()];
  const [web, till] = [join(one.folder, "shop.txt"), join(one.folder, "till.txt")];
  let server = await startKeeper(web, port);
  const file = join(storeFolder ?? one.folder, "store.db");
  const store = postgresUrl === undefined ? `{ file: "${file}" }` : `{ postgres: "${postgresUrl}" }`;
  one.write("mcp.json", JSON.stringify({ mcpServers: { shop: { url: `http://127.0.0.1:${port}/` }, till: { command: process.execPath, args: [KEEPER, till] } } }));
  for (const name of ["shop", "till"]) one.write(`profiles/${name}.ts`, PROFILE(name));
  for (const [name, text] of Object.entries(WORKFLOWS)) one.write(`workflows/${name}.ts`, text);
  one.write("offstage.yaml", settings(store, first));
  await succeed(one, "lock");
  cpSync(one.folder, other.folder, { recursive: true });
  other.write("offstage.yaml", settings(store, second));
  for (const project of [one, other]) await succeed(project, "check");
  return {
    places: [{ project: one, port: first }, { project: other, port: second }],
    storeFile: postgresUrl === undefined ? file : null,
    openStore: () => (postgresUrl === undefined ? openSqliteStore({ file, clock: realClock }) : openPostgresStore({ url: postgresUrl, clock: realClock })),
    made: () => new Map([...writesOf(web), ...writesOf(till)]),
    async closeServer() {
      server.kill("SIGKILL");
      await once(server, "exit");
    },
    async openServer() {
      server = await startKeeper(web, port);
    },
    async remove() {
      server.kill("SIGKILL");
      for (const project of [one, other]) project.remove();
    },
  };
}

async function succeed(project: TestProject, command: string): Promise<void> {
  const { code, out, err } = await project.run(command);
  if (code !== 0) throw new Error(`offstage ${command} ended with ${code}: ${out}${err}`);
}

async function startKeeper(file: string, port: number): Promise<ChildProcess> {
  const server = spawn(process.execPath, [KEEPER, file, String(port)], { stdio: "ignore" });
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
    if (answers) return server;
    await wait(20);
  }
}
