import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { type Data, UnsafeInteger } from "../base/index.ts";
import type { Reads } from "../engine/index.ts";
import { createMemoryBlobs } from "../testing/memory-blobs.ts";
import { realClock } from "../testing/real-clock.ts";
import { brokenServer, createWatchedPool, workshopServer } from "../testing/workshop.ts";
import { createCalls } from "./calls.ts";
import type { CallOutcome, Rule } from "./ports.ts";

const { pool, redactor } = createWatchedPool([workshopServer(), brokenServer("exits")]);
let rule: Rule;
const calls = createCalls({ sessions: (name) => pool.session(name), rules: { rule: () => rule }, redactor, clock: realClock, timeoutMs: () => 25_000, blobs: createMemoryBlobs() });
/** The engine's port takes these calls as they are. */
const reads: Reads = calls;

afterAll(() => pool.close());

function call(effect: Rule["effect"], tool: string, args: Data = {}, server = "workshop"): Promise<CallOutcome> {
  rule = { effect, sensitive: ["items[].token"], rate: { perSecond: 1_000, concurrent: 2 } };
  return calls.call(server, tool, args);
}

test.each([
  ["structured", { count: 3 }],
  ["json_text", { items: [{ id: 1 }, { id: 2 }] }],
  ["markdown", { text: "# Done\n\n**Key**: PROD-1", content: [{ type: "text", text: "# Done\n\n**Key**: PROD-1" }] }],
  ["two_blocks", { text: "1\n2", content: [{ type: "text", text: "1" }, { type: "text", text: "2" }] }],
  ["big_structured", { id: new UnsafeInteger("9007199254740993") }],
  ["big_text", { id: new UnsafeInteger("9007199254740993") }],
  ["unfaithful", { count: "many" }],
])("%s comes through as it is", async (tool, value) => {
  expect(await call("read", tool)).toEqual({ kind: "value", value, gone: false });
});

test("an integer that a server gave cannot be given back", async () => {
  const outcome = await call("read", "big_text");
  expect(await call("read", "arguments", outcome.kind === "value" ? outcome.value : {})).toMatchObject({ kind: "error", refused: true, error: { code: "UNSAFE_INTEGER" } });
});

test("a secret that a server repeats stays here", async () => {
  expect(await call("read", "echo", { text: "token=swordfish-1234" })).toMatchObject({ value: { text: "token=[redacted TOKEN]" } });
  expect(await call("read", "fails", { text: "swordfish-1234 is wrong" })).toMatchObject({ error: { message: "workshop.fails answered with an error: [redacted TOKEN] is wrong" } });
});

test("a server that dies in mid-write leaves it open whether the write happened; one that cannot start does not", async () => {
  expect(await call("write", "die")).toMatchObject({ kind: "error", refused: false, error: { code: "SERVER_EXITED" } });
  expect(await call("write", "any", {}, "exits")).toMatchObject({ kind: "error", refused: true, error: { code: "SERVER_EXITED", message: expect.stringContaining("[redacted TOKEN]") as string } });
});

test("the engine reads through its port", async () => {
  rule = { effect: "read", sensitive: [], rate: {} };
  expect(await reads.read({ step: "read#1", server: "workshop", tool: "structured", args: {} })).toEqual({ kind: "value", value: { count: 3 }, gone: false });
});

describe("a resource", () => {
  test.each<[string, Data]>([
    ["json", { id: new UnsafeInteger("9007199254740993"), token: "[redacted TOKEN]" }],
    ["text", { text: "A hammer, by [redacted TOKEN].", content: [{ uri: "shop://text", text: "A hammer, by [redacted TOKEN]." }] }],
    ["two", { text: "1", content: [{ uri: "shop://two/1", text: "1" }, { uri: "shop://two/2", blob: `blob:sha256:${createHash("sha256").update(Uint8Array.of(0, 1)).digest("hex")}`, bytes: 2 }] }],
  ])("of %s comes through as the result of a tool does", async (name, value) => {
    rule = { effect: "write", sensitive: [], rate: {} };
    expect(await reads.readOffer({ step: "read#1", server: "workshop", offer: { kind: "resource", uri: `shop://${name}` } })).toEqual({ kind: "value", value, gone: false });
  });

  test("has no more of what the profile calls sensitive, whichever the tool", async () => {
    rule = { effect: "read", sensitive: ["token"], rate: {} };
    expect(await calls.readOffer({ server: "workshop", offer: { kind: "resource", uri: "shop://json" } })).toMatchObject({ value: { id: new UnsafeInteger("9007199254740993") } });
    expect(JSON.stringify(await calls.readOffer({ server: "workshop", offer: { kind: "resource", uri: "shop://json" } }))).not.toContain("token");
  });

  test("that is not there, or whose server is not, is an error that a workflow may catch", async () => {
    expect(await calls.readOffer({ server: "workshop", offer: { kind: "resource", uri: "shop://swordfish-1234" } })).toEqual({
      kind: "error", gone: false, error: { code: "READ_FAILED", message: "workshop: resource shop://swordfish-1234 answered with an error: No resource shop://[redacted TOKEN]" },
    });
    expect(await calls.readOffer({ server: "exits", offer: { kind: "prompt", name: "p", args: {} } })).toMatchObject({ kind: "error", error: { code: "SERVER_EXITED" } });
  });
});

test("a prompt is its text and its messages, and is never read as JSON", async () => {
  rule = { effect: "read", sensitive: [], rate: {} };
  expect(await calls.readOffer({ server: "workshop", offer: { kind: "prompt", name: "greet", args: { what: "swordfish-1234" } } })).toMatchObject({
    value: { text: "greet [redacted TOKEN]\n42", messages: [{ role: "user", content: { type: "text", text: "greet [redacted TOKEN]" } }, { role: "assistant" }] },
  });
});
