import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockServer, parseLock, printLock, withServer } from "offstage/tools";
import { createIssue } from "../../demo/learn.ts";
import { createDemoProject, newMark } from "../../demo/project.ts";
import { type Emulators, startEmulators } from "../../demo/emulators.ts";
import { realLists } from "../catalogues.ts";

const BIN = join(import.meta.dirname, "../../apps/offstage/bin/offstage.js");

/** The demo's project without its workflow, with every server of the catalogue beside its two: whoever searches has all their tools before them. */
export interface ChatProject {
  readonly folder: string;
  readonly emulators: Emulators;
  /** All servers, and their tools. */
  readonly servers: number;
  readonly tools: number;
  close(): Promise<void>;
}

/** Starts the two services, locks the two servers that are really there, and adds the lists of the others, which nothing starts. */
export async function openChatProject(): Promise<ChatProject> {
  const place = mkdtempSync(join(tmpdir(), "offstage-chat-"));
  const emulators = await startEmulators({ dir: place, lagMs: 0 });
  const close = async (): Promise<void> => {
    await emulators.close();
    rmSync(place, { recursive: true, force: true });
  };
  try {
    const { dir: folder } = createDemoProject({ dir: join(place, "project"), emulators, mark: newMark() });
    rmSync(join(folder, "workflows/leak-tickets.ts"));
    rmSync(join(folder, "fixtures"), { recursive: true });
    rmSync(join(folder, "offstage.learnt.json"));
    execFileSync(process.execPath, [BIN, "lock", "--project", folder], { stdio: ["ignore", "ignore", "inherit"] });
    // Somebody uses Jira already: there is something to see.
    for (const summary of ["Set up the build", "Upgrade the database"]) await createIssue(emulators.jira, summary, false);
    const lock = addCatalogue(folder);
    return { folder, emulators, servers: lock.size, tools: [...lock.values()].reduce((sum, { tools }) => sum + tools.size, 0), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function addCatalogue(folder: string): ReadonlyMap<string, { readonly tools: ReadonlyMap<string, unknown> }> {
  const file = join(folder, "offstage.lock");
  const parsed = parseLock(readFileSync(file, "utf8"), file);
  const config = JSON.parse(readFileSync(join(folder, "mcp.json"), "utf8")) as { readonly mcpServers: Readonly<Record<string, unknown>> };
  const others = realLists().filter(({ catalogue }) => !parsed.lock.servers.has(catalogue.server));
  const lock = others.reduce((made, list) => withServer(made, list.catalogue.server, lockServer(list.catalogue, list.package, () => [{ rule: null, effect: "write", from: "default" }])), parsed.lock);
  writeFileSync(file, printLock(lock));
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: { ...config.mcpServers, ...Object.fromEntries(others.map((list) => [list.catalogue.server, { command: "npx", args: ["-y", list.package] }])) } }, null, 2));
  return lock.servers;
}
