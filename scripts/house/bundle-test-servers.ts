import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { SERVERS_FOLDER, type TestServer, TEST_SERVERS } from "../../packages/runtime/src/testing/test-servers.ts";

const ROOT = join(import.meta.dirname, "../..");

/**
 * A setup for all tests: the small servers that hundreds of them start, each with the SDK in one file, which Node starts in a third of the time. Who starts one
 * without this setup starts its source.
 */
export async function setup(): Promise<void> {
  const folder = join(ROOT, ".tools/test-servers");
  mkdirSync(folder, { recursive: true });
  await Promise.all(TEST_SERVERS.map((name) => bundle(name, folder)));
  process.env[SERVERS_FOLDER] = folder;
}

async function bundle(name: TestServer, folder: string): Promise<void> {
  const build = await rolldown({ input: join(ROOT, `packages/runtime/src/testing/servers/${name}.ts`), platform: "node", logLevel: "silent" });
  const { output } = await build.generate({ format: "esm" });
  // Another run of the tests may start it meanwhile.
  const made = join(folder, `${name}.${process.pid}`);
  writeFileSync(made, output[0].code);
  renameSync(made, join(folder, `${name}.mjs`));
}
