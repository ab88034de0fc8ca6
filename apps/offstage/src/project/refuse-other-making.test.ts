import { createRedactor } from "offstage/base";
import type { Lock } from "offstage/tools";
import { expect, test } from "vitest";
import type { ProjectServer } from "./load-project.ts";
import { refuseOtherMaking } from "./refuse-other-making.ts";

const PINNED = "@modelcontextprotocol/server-filesystem@2026.8.31";
const lock = { servers: new Map([["files", { source: PINNED }], ["own", { source: "server.mjs" }]]) } as unknown as Pick<Lock, "servers">;

function start(name: string, ...args: readonly string[]): () => void {
  const project = { folder: "/nowhere", redactor: createRedactor(), server: () => ({ config: { name, kind: "stdio", command: "npx", args, env: {} } }) as unknown as ProjectServer };
  return () => refuseOtherMaking(project, lock, [name], "");
}

test.each([["-y", PINNED], ["-y", "@modelcontextprotocol/server-filesystem@2026.9.1"], ["-y", "@modelcontextprotocol/server-filesystem"]])("what the shipped profile speaks of runs as it was locked: npx %s %s", (...args) => {
  expect(start("files", ...args)).not.toThrow();
});

test.each([["-y", "@modelcontextprotocol/server-filesystem@2025.8.21"], ["-y", "somebody-else"]])("another version, or another package, under the name of one that a shipped profile vouches for is refused: npx %s %s", (...args) => {
  expect(start("files", ...args)).toThrow(expect.objectContaining({ code: "LOCK_INVALID", message: expect.stringContaining(`offstage.lock was made with ${PINNED}: offstage/profiles/filesystem.ts`) as unknown }) as Error);
});

test("where no shipped profile vouches, the hashes of the tools are what counts", () => {
  expect(start("own", "-y", "another@2")).not.toThrow();
});
