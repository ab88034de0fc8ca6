import { expect, test } from "vitest";
import { classesHash, EMPTY_LOCK, hashTool, lockedClass, lockedTool, withOnlyServers, withServer } from "./lock.ts";
import { someLock } from "./tools.suite.ts";

const read = { name: "read_it", description: "Reads.", inputSchema: { type: "object" } };

test("a tool's hash covers everything its server says of it", () => {
  expect(hashTool(read)).toBe(hashTool({ inputSchema: { type: "object" }, description: "Reads.", name: "read_it" }));
  for (const changed of [{ ...read, description: "Reads!" }, { ...read, annotations: { readOnlyHint: true } }, { ...read, _meta: { v: 2 } }]) {
    expect(hashTool(changed)).not.toBe(hashTool(read));
  }
});

test("what is not locked is an error that says what to do", () => {
  const lock = someLock([read]);
  expect(lockedTool(lock, "demo", "read_it").definition).toEqual(read);
  expect(() => lockedTool(lock, "demo", "toString")).toThrow(expect.objectContaining({ code: "NOT_LOCKED", message: expect.stringContaining('"toString"') }));
  expect(() => lockedTool(lock, "other", "read_it")).toThrow(expect.objectContaining({ code: "NOT_LOCKED", hint: expect.stringContaining("offstage lock") }));
});

test("a rule that the lock does not know is a write", () => {
  const tool = lockedTool(someLock([read], "demo", { read_it: [{ effect: "read" }] }), "demo", "read_it");
  expect(lockedClass(tool, 0).effect).toBe("read");
  expect(lockedClass(tool, 7)).toEqual({ rule: 7, effect: "write", from: "default" });
});

test("the hash of the classes changes with a tool or a class, not with a package", () => {
  const lock = someLock([read]);
  const server = lock.servers.get("demo");
  if (server === undefined) throw new Error("no server");
  const hash = classesHash(lock);
  expect(classesHash(withServer(lock, "demo", { ...server, source: "other@2", info: { name: "o", version: "2" } }))).toBe(hash);
  expect(classesHash(someLock([read], "demo", { read_it: [{ effect: "read" }] }))).not.toBe(hash);
  expect(classesHash(someLock([{ ...read, description: "Writes." }]))).not.toBe(hash);
  expect(classesHash(EMPTY_LOCK)).not.toBe(hash);
});

test("servers that left the configuration leave the lock", () => {
  const lock = withServer(someLock([read]), "gone", { source: "x", info: { name: "", version: "" }, protocol: { era: "legacy", revision: "" }, tools: new Map() });
  expect([...withOnlyServers(lock, new Set(["demo"])).servers.keys()]).toEqual(["demo"]);
});
