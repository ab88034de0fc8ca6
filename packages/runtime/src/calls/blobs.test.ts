import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createRedactor, type Data, OffstageError } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createMemoryBlobs } from "../testing/memory-blobs.ts";
import { type Calls, createCalls } from "./calls.ts";
import type { Blobs, ContentBlock, RawReply, Rule } from "./ports.ts";

const nameOf = (bytes: string | Uint8Array): string => `blob:sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const image = (data: string): ContentBlock => ({ type: "image", data, mimeType: "image/png" });

interface Bench {
  readonly calls: Calls;
  readonly sent: Data[];
}

function bench({ blobs = createMemoryBlobs(), rule = {}, secrets = [], reply = {} }: { blobs?: Blobs; rule?: Partial<Rule>; secrets?: readonly string[]; reply?: Partial<Extract<RawReply, { kind: "result" }>> }): Bench {
  const sent: Data[] = [];
  const redactor = createRedactor();
  for (const secret of secrets) redactor.register(secret, "TOKEN");
  const calls = createCalls({
    sessions: () => Promise.resolve({
      call: (_tool, args) => (sent.push(args), Promise.resolve<RawReply>({ kind: "result", isError: false, structured: undefined, content: [], ...reply })),
      offer: () => Promise.resolve({ kind: "result", result: { contents: [{ uri: "a", blob: base64("of a") }], messages: [{ role: "user", content: image(base64("seen")) }] } }),
    }),
    rules: { rule: () => ({ effect: "read", sensitive: [], rate: {}, ...rule }) }, redactor, clock: createFakeClock(), timeoutMs: () => 1_000, blobs,
  });
  return { calls, sent };
}

const valueOf = async ({ calls }: Bench): Promise<Data> => {
  const outcome = await calls.call("s", "t", {});
  return outcome.kind === "value" ? outcome.value : { ...outcome.error };
};

test("images, sounds and embedded files have names in values; the same bytes the same one; other blocks stay whole", async () => {
  const blobs = createMemoryBlobs();
  const file = { type: "resource", resource: { uri: "a", mimeType: "application/pdf", blob: base64("pdf") } };
  const content = [image(base64("one")), { type: "audio", data: base64("one"), mimeType: "audio/wav" }, file, { type: "text", text: "t" }, { type: "resource", resource: { uri: "b", text: "x" } }, { type: "hologram", data: "AAAA" }];
  expect(await valueOf(bench({ blobs, reply: { content } }))).toEqual({
    text: "t",
    content: [{ ...image(nameOf("one")), bytes: 3 }, { type: "audio", data: nameOf("one"), bytes: 3, mimeType: "audio/wav" }, { type: "resource", resource: { uri: "a", mimeType: "application/pdf", blob: nameOf("pdf"), bytes: 3 } }, ...content.slice(3)],
  });
  expect([...blobs.kept.values()].map((bytes) => Buffer.from(bytes).toString())).toEqual(["one", "pdf"]);
});

test("resources and what prompts show are kept alike", async () => {
  const { calls } = bench({});
  expect(await calls.readOffer({ server: "s", offer: { kind: "resource", uri: "a" } })).toMatchObject({ value: { content: [{ uri: "a", blob: nameOf("of a"), bytes: 4 }] } });
  expect(await calls.readOffer({ server: "s", offer: { kind: "prompt", name: "p", args: {} } })).toMatchObject({ value: { messages: [{ role: "user", content: { type: "image", data: nameOf("seen") } }] } });
});

test("a name that is a whole argument is sent as its bytes, wherever it stands; inside a text it is a text", async () => {
  const blobs = createMemoryBlobs();
  const first = bench({ blobs, reply: { content: [image(base64("one"))] } });
  await first.calls.call("s", "t", {});
  const name = nameOf("one");
  await first.calls.call("s", "t", { files: [{ name: "a.png", data: name }], note: `see ${name}` });
  expect(first.sent[1]).toEqual({ files: [{ name: "a.png", data: base64("one") }], note: `see ${name}` });
});

test("a name whose bytes are not here is refused before anything is sent", async () => {
  const { calls, sent } = bench({ rule: { effect: "write" } });
  expect(await calls.call("s", "t", { data: nameOf("nobody's") })).toMatchObject({ kind: "error", refused: true, error: { code: "BLOB_MISSING" } });
  expect(sent).toEqual([]);
});

test("bytes that hold a secret, and parts that the profile calls sensitive, are not kept", async () => {
  const blobs = createMemoryBlobs();
  expect(await valueOf(bench({ blobs, secrets: ["swordfish-1234"], reply: { content: [image(base64("by swordfish-1234!"))] } }))).toMatchObject({ content: [{ data: "[redacted]", bytes: 18 }] });
  expect(await valueOf(bench({ blobs, rule: { sensitive: ["content[].data"] }, reply: { content: [image(base64("face"))] } }))).toEqual({ text: "", content: [{ type: "image", mimeType: "image/png" }] });
  expect(blobs.kept.size).toBe(0);
});

test("what nobody will see is not kept: of an error, beside structured content, under a rule that makes the result", async () => {
  const blobs = createMemoryBlobs();
  const content = [image(base64("one"))];
  for (const more of [{ reply: { content, isError: true } }, { reply: { content, structured: { n: 1 } } }, { reply: { content }, rule: { result: () => 1 } }]) await valueOf(bench({ blobs, ...more }));
  expect(blobs.kept.size).toBe(0);
});

test("what is no base64 stays as it came; line breaks in it are nothing", async () => {
  expect(await valueOf(bench({ reply: { content: [image("not base64!"), image(""), image(`${base64("on").slice(0, 2)}\n${base64("on").slice(2)}`)] } }))).toMatchObject({ content: [image("not base64!"), image(""), { data: nameOf("on") }] });
});

describe("what cannot be kept", () => {
  const full: Blobs = { keep: () => Promise.reject(new OffstageError("STORE_UNAVAILABLE", "disk full")), load: () => Promise.resolve(null) };
  const reply = { content: [image(base64("one"))] };

  test("is a failed read, and a write that was made", async () => {
    expect(await bench({ blobs: full, reply }).calls.call("s", "t", {})).toMatchObject({ kind: "error", refused: false, error: { code: "READ_FAILED" } });
    expect(await bench({ blobs: full, reply, rule: { effect: "write" } }).calls.call("s", "t", {})).toMatchObject({ kind: "unreadable", error: { code: "RESULT_UNREADABLE" } });
  });

  test("is also what is too large", async () => {
    expect(await valueOf(bench({ reply: { content: [image("A".repeat(45 * 1024 * 1024))] } }))).toMatchObject({ code: "LIMIT_SIZE" });
  });
});
