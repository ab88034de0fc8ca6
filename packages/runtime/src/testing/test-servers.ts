import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The small servers of `servers/` that are programs over the SDK. */
export const TEST_SERVERS = ["asking", "changing", "desk", "workshop"] as const;
export type TestServer = (typeof TEST_SERVERS)[number];

/** The variable with the folder of bundled ones, set by `scripts/house/bundle-test-servers.ts`. */
export const SERVERS_FOLDER = "OFFSTAGE_TEST_SERVERS";

/** What Node gets before a program that tests start, so that it need not be stripped and compiled each time. By its path: arguments that are URLs tell which site a server speaks to. */
export const FROM_CACHE: readonly string[] = ["--import", fileURLToPath(new URL("compile-cache.mjs", import.meta.url))];

/** What Node is started with for one of them. */
export function serverProgram(name: TestServer, ...args: readonly string[]): string[] {
  const folder = process.env[SERVERS_FOLDER];
  return [...FROM_CACHE, folder === undefined ? fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url)) : join(folder, `${name}.mjs`), ...args];
}
