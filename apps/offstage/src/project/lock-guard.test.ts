import { OffstageError } from "offstage/base";
import { catalogueOf, EMPTY_LOCK, withServer } from "offstage/tools";
import type { Catalogue } from "offstage/mcp";
import { expect, test } from "vitest";
import { createLockGuard } from "./lock-guard.ts";
import { pinServer } from "./pin-server.ts";
import { parseSettings } from "../config/settings.ts";

function listing(description: string): Catalogue {
  return { server: "s", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "s", version: "1" }, tools: [{ name: "t", description, inputSchema: { type: "object" } }] } as unknown as Catalogue;
}

const parsed = parseSettings(null, "/");
if (!parsed.ok) throw new Error("no settings are good settings");
const LOCK = withServer(EMPTY_LOCK, "s", pinServer(catalogueOf(listing("as pinned")).catalogue, "s@1", null, parsed.settings));

test("a server that offers something else later than when the run began is noticed", async () => {
  let now = listing("as pinned");
  const guard = createLockGuard(() => LOCK, { catalogue: async () => now });
  expect(await guard.connect("s")).toBeNull();
  expect(guard.fault("s", "t")).toBeNull();
  now = listing("as it pleases");
  await guard.refresh("s");
  expect(guard.fault("s", "t")).toMatchObject({ code: "TOOL_CHANGED" });
  expect(guard.fault("s", "other")).toMatchObject({ code: "NOT_LOCKED" });
});

test("whoever listens hears of a changed tool once, when it is first asked for, and of no other", async () => {
  const heard: string[] = [];
  let now = listing("as pinned");
  const guard = createLockGuard(() => LOCK, { catalogue: async () => now }, (server, tool) => heard.push(`${server}.${tool}`));
  await guard.refresh("s");
  guard.fault("s", "t");
  expect(heard).toEqual([]);
  for (const text of ["another", "yet another"]) {
    now = listing(text);
    await guard.refresh("s");
    for (const tool of ["t", "other", "t"]) guard.fault("s", tool);
  }
  expect(heard).toEqual(["s.t"]);
});

test("a server that cannot be reached at first does not stop the run; what cannot be compared then is not called", async () => {
  const guard = createLockGuard(() => LOCK, { catalogue: () => Promise.reject(new OffstageError("SERVER_EXITED", "gone")) });
  expect(await guard.connect("s")).toMatchObject({ code: "SERVER_EXITED" });
  expect(guard.fault("s", "t")).toBeNull();
  await expect(guard.refresh("s")).rejects.toMatchObject({ code: "SERVER_EXITED" });
});
