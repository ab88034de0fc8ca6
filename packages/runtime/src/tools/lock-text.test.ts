import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { withServer } from "./lock.ts";
import { parseLock, printLock } from "./lock-text.ts";
import { AWKWARD, someLock } from "./tools.suite.ts";

const lock = someLock([{ name: "b", description: "B" }, { name: "a", inputSchema: { required: ["x"], type: "object" } }], "demo", { a: [{ effect: "read" }] });
const text = printLock(lock);

test("one text, sorted, whatever order things came in", () => {
  expect(printLock(someLock([{ inputSchema: { type: "object", required: ["x"] }, name: "a" }, { description: "B", name: "b" }], "demo", { a: [{ effect: "read" }] }))).toBe(text);
  expect(text.split("\n").slice(0, 12)).toEqual([
    "{",
    '  "servers": {',
    '    "demo": {',
    '      "info": {',
    '        "name": "demo-server",',
    '        "version": "1.2.3"',
    "      },",
    '      "protocol": {',
    '        "era": "legacy",',
    '        "revision": "2025-11-25"',
    "      },",
    '      "source": "demo-server@1.2.3",',
  ]);
});

test("reads what it prints", () => {
  const read = parseLock(text);
  expect(read.diagnostics).toEqual([]);
  expect(printLock(read.lock)).toBe(text);
  expect(read.lock.servers.get("demo")?.tools.get("a")?.classes).toEqual([{ rule: 0, effect: "read", from: "profile" }]);
});

test("reads what it prints of a condition that no label says", () => {
  const a = lock.servers.get("demo")?.tools.get("a");
  const demo = lock.servers.get("demo");
  if (a === undefined || demo === undefined) throw new Error("there is none");
  const classes = [{ rule: 0, effect: "read", from: "profile", when: "*", condition: "a1" }] as const;
  const read = parseLock(printLock(withServer(lock, "demo", { ...demo, tools: new Map([...demo.tools, ["a", { ...a, classes }]]) })));
  expect([read.diagnostics, read.lock.servers.get("demo")?.tools.get("a")?.classes]).toEqual([[], classes]);
});

test.each(Object.entries(AWKWARD))("reads what it prints of %s", (_, tools) => {
  const printed = printLock(someLock(tools));
  expect(parseLock(printed).diagnostics).toEqual([]);
  expect(printLock(parseLock(printed).lock)).toBe(printed);
});

test("what a server says of itself is pinned; older locks are read without it, and stay as they are", () => {
  expect(text).not.toContain("introduction");
  const demo = lock.servers.get("demo");
  if (demo === undefined) throw new Error("no demo");
  const introduced = printLock(withServer(lock, "demo", { ...demo, introduction: { capabilities: { tools: { listChanged: true } }, instructions: "Be kind." } }));
  expect(parseLock(introduced)).toMatchObject({ diagnostics: [] });
  expect(printLock(parseLock(introduced).lock)).toBe(introduced);
  expect(parseLock(introduced).lock.servers.get("demo")?.introduction).toEqual({ capabilities: { tools: { listChanged: true } }, instructions: "Be kind." });
  expect(parseLock(introduced.replace('"Be kind."', "7")).diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining("must be a text, or null")]);
});

test("a tool may be called anything and have integers of any size", () => {
  const odd = printLock(someLock([{ name: "__proto__", inputSchema: { maximum: new UnsafeInteger("18446744073709551615") } }, { name: "constructor" }, { name: "日本\ud800" }]));
  expect(parseLock(odd).diagnostics).toEqual([]);
  expect(parseLock(odd).lock.servers.get("demo")?.tools.get("__proto__")?.hash).toMatch(/^[0-9a-f]{64}$/);
});

describe("faults are diagnostics with their place", () => {
  const at = (broken: string): readonly string[] => parseLock(broken).diagnostics.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);

  test("what is no JSON", () => {
    expect(at('{\n  "version": 1,\n}')).toEqual([expect.stringMatching(/^LOCK_INVALID 3:1 offstage\.lock cannot be read: /)]);
    expect(at("")).toEqual([expect.stringMatching(/^LOCK_INVALID 1:1 /)]);
    expect(at("[".repeat(100_000))).toEqual([expect.stringContaining("nests more than")]);
  });

  test("an unfinished merge", () => {
    expect(at(text.replace('  "servers"', '<<<<<<< HEAD\n  "servers"'))).toEqual(["LOCK_INVALID 2:1 offstage.lock holds the marks of an unfinished merge"]);
  });

  test("a name that stands twice: the last would hold, and who reviews it may have read the first", () => {
    expect(at(text.replace('    "demo": {', '    "demo": {},\n    "demo": {'))).toEqual(['LOCK_INVALID 4:5 "demo" occurs twice in one object']);
    expect(at(text.replace('"description": "B"', '"description": "A", "description": "B"'))).toEqual([expect.stringContaining('"description" occurs twice')]);
  });

  test("a version that is not ours", () => {
    expect(at('{ "servers": {}, "version": 2 }')).toEqual(["LOCK_INVALID 1:18 version is of a newer Offstage: update it"]);
    expect(at("[]")).toEqual(["LOCK_INVALID 1:1 version must be 1"]);
  });

  test("a definition that was edited no longer has its hash", () => {
    const line = text.split("\n").findIndex((one) => one.includes('"hash"') && text.split("\n").indexOf(one) > text.split("\n").findIndex((other) => other.includes('"b": {'))) + 1;
    expect(at(text.replace('"description": "B"', '"description": "C"'))).toEqual([`LOCK_INVALID ${line}:11 servers.demo.tools.b.hash is not the hash of this definition: one of them was edited`]);
  });

  test("a class that is none stands for a write", () => {
    const broken = text.replace('"effect": "read"', '"effect": "harmless"');
    expect(at(broken)).toEqual([expect.stringContaining("servers.demo.tools.a.classes[0].effect must be one of write, prepare, read")]);
    expect(parseLock(broken).lock.servers.get("demo")?.tools.get("a")?.classes[0]?.effect).toBe("write");
  });

  test("members that are missing or of another kind", () => {
    expect(at('{ "version": 1, "servers": { "x": { "source": 3, "info": {}, "tools": { "t": { "hash": "", "classes": {} } } } } }')).toEqual([
      expect.stringContaining("servers.x.tools.t.definition must be an object"),
      expect.stringContaining("servers.x.source must be a string"),
      expect.stringContaining("servers.x.info.name is missing"),
      expect.stringContaining("servers.x.info.version is missing"),
      expect.stringContaining("servers.x.protocol.era must be one of legacy, modern"),
      expect.stringContaining("servers.x.protocol.revision is missing"),
    ]);
  });

  test("any JSON, and any part of a lock, gives a lock and diagnostics, never an error", () => {
    fc.assert(fc.property(fc.json(), (json) => void parseLock(json)));
    fc.assert(fc.property(fc.integer({ min: 0, max: text.length - 2 }), (end) => {
      expect(parseLock(text.slice(0, end)).diagnostics).not.toEqual([]);
    }));
  });
});
