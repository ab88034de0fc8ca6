import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { realClock } from "../../testing/real-clock.ts";
import { createSealedFiles, type SealedFiles } from "./sealed-files.ts";
import { createSeal } from "./seal.ts";

const KEY = "a key that has thirty-two characters";
let folder: string;
const files = (key = KEY): SealedFiles => createSealedFiles({ folder: join(folder, "tokens"), seal: () => createSeal(key), clock: realClock });
const path = (name: string): string => join(folder, "tokens", name);

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "offstage-sealed-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what is written is read by another process's store, and stands nowhere in the clear", async () => {
  await files().write("one", { token: "swordfish-1234" });
  expect(await files().read("one")).toEqual({ token: "swordfish-1234" });
  expect(await files().read("two")).toBeNull();
  expect(readFileSync(path("one.sealed"), "utf8")).not.toContain("swordfish");
  expect(await files().list()).toEqual({ documents: [{ id: "one", document: { token: "swordfish-1234" } }], unreadable: [] });
});

test("files are for their owner only", async () => {
  await files().exclusively("one", () => files().write("one", 1));
  expect([path("one.sealed"), path("one.lock")].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  expect(statSync(path(".")).mode & 0o777).toBe(0o700);
});

test("what a killed process left beside it, or a link that lies there, gets no document", async () => {
  await files().write("one", 1);
  writeFileSync(path("one.sealed.new"), "half", { mode: 0o644 });
  await files().write("one", 2);
  expect(statSync(path("one.sealed")).mode & 0o777).toBe(0o600);
  writeFileSync(join(folder, "elsewhere"), "mine");
  symlinkSync(join(folder, "elsewhere"), path("one.sealed.new"));
  await files().write("one", 3);
  expect([await files().read("one"), readFileSync(join(folder, "elsewhere"), "utf8")]).toEqual([3, "mine"]);
});

test("where nothing is kept no key is asked for, and nothing is made", async () => {
  const store = createSealedFiles({ folder: join(folder, "tokens"), seal: () => { throw new Error("no key"); }, clock: realClock });
  expect(await store.list()).toEqual({ documents: [], unreadable: [] });
  expect(readdirSync(folder)).toEqual([]);
});

const spoilt: readonly (readonly [string, (text: string) => string | Buffer, RegExp])[] = [
  ["cut", (text) => text.slice(0, 40), /damaged/],
  ["empty", () => "", /damaged/],
  ["another program's", () => "{}", /not written by Offstage/],
  ["changed in one byte", (text) => text.replace(/"sealed":"(.)/, (_all, first: string) => `"sealed":"${first === "A" ? "B" : "A"}`), /damaged/],
  ["no text", () => Buffer.from([0, 255, 254, 1]), /damaged/],
  ["nested without end", () => "[".repeat(100_000), /damaged/],
  ["of a newer version", (text) => text.replace('"version":1', '"version":2'), /newer version/],
  ["huge", () => "x".repeat(300_000), /too large/],
];

test.each(spoilt)("a file that is %s is told, and not written over", async (_name, spoil, message) => {
  await files().write("one", 1);
  const bad = spoil(readFileSync(path("one.sealed"), "utf8"));
  writeFileSync(path("one.sealed"), bad);
  await expect(files().read("one")).rejects.toMatchObject({ code: "TOKENS_UNREADABLE", message: expect.stringMatching(message) as string });
  await expect(files().write("one", 2)).rejects.toMatchObject({ code: "TOKENS_UNREADABLE" });
  expect(readFileSync(path("one.sealed"))).toEqual(Buffer.from(bad));
  expect((await files().list()).unreadable).toHaveLength(1);
});

test("another key opens nothing, replaces nothing, and is told apart from damage", async () => {
  await files().write("one", 1);
  const other = files("another key, of thirty-two characters");
  await expect(other.read("one")).rejects.toMatchObject({ code: "TOKENS_UNREADABLE", message: expect.stringContaining("another key") as string });
  await expect(other.write("one", 2)).rejects.toMatchObject({ code: "TOKENS_UNREADABLE" });
  expect(await files().read("one")).toBe(1);
});

test("a file that was put in another one's place does not open there", async () => {
  await files().write("one", 1);
  writeFileSync(path("two.sealed"), readFileSync(path("one.sealed")));
  await expect(files().read("two")).rejects.toMatchObject({ code: "TOKENS_UNREADABLE" });
});

test("a short key is refused", () => {
  expect(() => createSeal("short")).toThrow(expect.objectContaining({ code: "SECRET_TOO_SHORT" }) as Error);
});

test("a folder that cannot be written is told", async () => {
  writeFileSync(join(folder, "tokens"), "a file");
  await expect(files().write("one", 1)).rejects.toMatchObject({ code: expect.stringMatching(/STORE_UNAVAILABLE|TOKENS_UNREADABLE/) as string });
});

test("a lock that cannot be a file is told", async () => {
  mkdirSync(path("one.lock"), { recursive: true });
  await expect(files().exclusively("one", () => Promise.resolve(1))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("one holder of a lock at a time; another id's does not wait", async () => {
  const store = files();
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = store.exclusively("one", async () => {
    order.push("first in");
    await gate.promise;
    order.push("first out");
  });
  const second = files().exclusively("one", () => Promise.resolve(order.push("second")));
  await store.exclusively("two", () => Promise.resolve(order.push("other")));
  gate.resolve();
  await Promise.all([first, second]);
  expect(order.indexOf("second")).toBe(order.length - 1);
  expect(order).toContain("other");
});

const writer = (body: string): string => `
  import { createSealedFiles, createSeal } from ${JSON.stringify(fileURLToPath(new URL("./index.ts", import.meta.url)))};
  const store = createSealedFiles({ folder: process.argv[1], seal: () => createSeal(${JSON.stringify(KEY)}), clock: { now: () => Date.now(), sleep: (ms) => new Promise((go) => setTimeout(go, ms)) } });
  ${body}`;

test("whoever waits for a lock in the holder's own process does not let another process take it", async () => {
  const store = files();
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const first = store.exclusively("one", async () => {
    entered.resolve();
    await gate.promise;
  });
  await entered.promise;
  let hasWaited = false;
  const waiting = createSealedFiles({ folder: join(folder, "tokens"), seal: () => createSeal(KEY), clock: { now: () => 0, sleep: async () => { hasWaited = true; await gate.promise; } } });
  const second = waiting.exclusively("one", () => Promise.resolve());
  await vi.waitFor(() => expect(hasWaited).toBe(true));
  // It has no patience: its clock says that two minutes are over when it looks again.
  const script = writer('await createSealedFiles({ folder: process.argv[1], seal: () => null, clock: { now: (() => { let at = 0; return () => (at += 200_000); })(), sleep: async () => undefined } }).exclusively("one", async () => console.log("taken")).catch(({ code }) => console.log(code));');
  const { stdout } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script, join(folder, "tokens")], { encoding: "utf8", cwd: fileURLToPath(new URL(".", import.meta.url)) });
  gate.resolve();
  await Promise.all([first, second]);
  expect(stdout.trim()).toBe("STORE_LOCKED");
});

test("a process that is killed lets its lock go, and leaves the old document or the new one", async () => {
  const script = writer('await store.exclusively("one", async () => { for (let n = 1; ; n++) { await store.write("one", { n, more: "x".repeat(2000) }); if (n === 3) console.log("writing"); await new Promise((go) => setImmediate(go)); } });');
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script, join(folder, "tokens")], { stdio: ["ignore", "pipe", "inherit"], cwd: fileURLToPath(new URL(".", import.meta.url)) });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    await files().exclusively("one", async () => expect(await files().read("one")).toMatchObject({ n: expect.any(Number) as number }));
  }
});

test("a disk that takes only a part of a document leaves the old one, and nothing beside it", async () => {
  await files().write("one", "old");
  const script = writer('await store.write("one", "new".repeat(50_000)).then(() => console.log("written"), ({ code }) => console.log(code));');
  // The system cuts what goes beyond the limit, as a full disk does: it writes a part, and fails only when it is asked for the rest.
  const { stdout } = spawnSync("sh", ["-c", 'ulimit -f 64; exec "$0" "$@"', process.execPath, "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script, join(folder, "tokens")], { encoding: "utf8", cwd: fileURLToPath(new URL(".", import.meta.url)) });
  expect(stdout.trim()).toBe("STORE_UNAVAILABLE");
  expect([await files().read("one"), readdirSync(path("."))]).toEqual(["old", ["one.sealed"]]);
});
