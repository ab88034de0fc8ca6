import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSeal, createSealedFiles } from "../../stores/sealed/index.ts";
import { type AuthWorld, createAuthWorld } from "../../testing/auth-world.ts";
import { DEFAULT_LOGIN } from "./server-auth.ts";

let world: AuthWorld;
let folder: string;
beforeAll(async () => void (world = await createAuthWorld()));
beforeEach(async () => {
  world.reset();
  folder = mkdtempSync(join(tmpdir(), "offstage-renew-"));
  const tokens = createSealedFiles({ folder, seal: () => createSeal("a key that has thirty-two characters"), clock: world.clock });
  await world.client({ ...DEFAULT_LOGIN, clientId: "desk" }, { tokens, interact: () => world.person() }).add();
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(() => world.close());

/** Ahead of its end: it is renewed, and works all the same. */
const EARLY_MS = 590_000;

function start(aheadMs = EARLY_MS): { readonly child: ChildProcess; readonly said: Promise<string> } {
  const file = fileURLToPath(new URL("../../testing/servers/renewing-client.ts", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, folder, world.mcp.url, String(aheadMs)], { stdio: ["ignore", "pipe", "inherit"] });
  return { child, said: text(child.stdout) };
}

const refreshes = (): number => world.oauth.tokenRequests.filter((one) => one["grant_type"] === "refresh_token").length;

test("processes that start together renew once between them", async () => {
  const both = [start(), start()];
  expect(await Promise.all(both.map(({ said }) => said))).toEqual(["200", "200"]);
  expect(refreshes()).toBe(1);
});

test("a process killed before the authorization server has read its request costs nothing", async () => {
  const first = start();
  world.oauth.behaviour.intercept = (request) => {
    if (request.url !== "/token") return false;
    world.oauth.behaviour.intercept = null;
    first.child.kill("SIGKILL");
    request.destroy();
    return true;
  };
  expect(await first.said).toBe("");
  expect(await start().said).toBe("200");
  expect(refreshes()).toBe(1);
});

test("a process killed when the answer is on its way may lose the refresh token: the next one says so, and what to do", async () => {
  const first = start();
  world.oauth.behaviour.intercept = (request, response) => {
    if (request.url !== "/token") return false;
    world.oauth.behaviour.intercept = null;
    const end = response.end.bind(response) as (...args: unknown[]) => typeof response;
    response.end = ((...args: unknown[]) => {
      first.child.kill("SIGKILL");
      first.child.once("exit", () => end(...args));
      return response;
    }) as typeof response.end;
    return false;
  };
  expect(await first.said).toBe("");
  expect(refreshes()).toBe(1);
  expect(await start().said).toMatch(/^LOGIN_NEEDED .*a renewal was interrupted at \d{4}-.* and its answer was lost/);
});
