import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createRedactor, type JsonObject, UnsafeInteger } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { MAX_ANSWER_BYTES } from "./bounded-fetch.ts";
import { createModels, type ModelQuestion, type ModelsOptions } from "./index.ts";

/** One request as the service saw it. */
interface Seen {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: { readonly [name: string]: unknown };
}

/** What the service says next: a text of the model, or a status with a body. */
type Script = { readonly says: string; readonly finish?: string } | { readonly status: number; readonly body: string } | "nothing";

let server: Server;
let url: string;
let script: Script;
const seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      seen.push({ url: request.url ?? "", authorization: request.headers.authorization, body: JSON.parse(text) as Seen["body"] });
      if (script === "nothing") return;
      if ("status" in script) return void response.writeHead(script.status, { "content-type": "application/json" }).end(script.body);
      const { says, finish = "stop" } = script;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({
        id: "1", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content: says }, finish_reason: finish }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
beforeEach(() => void seen.splice(0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const SCHEMA: JsonObject = { type: "object", properties: { label: { type: "string", enum: ["bug", "idea"] }, id: { type: "integer" } }, required: ["label"], additionalProperties: false };
const QUESTION: ModelQuestion = { prompt: "What is this?", schema: SCHEMA, maxTokens: 20, model: null };

function models(more: Partial<ModelsOptions> = {}): ReturnType<typeof createModels> {
  const redactor = createRedactor();
  redactor.register("swordfish-1234", "KEY");
  return createModels({ providers: [{ name: "local", url, key: "swordfish-1234", structured: true }], model: "local/qwen3:8b", timeoutMs: 30_000, redactor, clock: createFakeClock(), closed: new AbortController().signal, ...more });
}

describe("a question", () => {
  test("goes to the service of the model with its schema and its budget, and without tools", async () => {
    script = { says: '{"label":"bug"}' };
    expect(await models().ask(QUESTION)).toEqual({ kind: "value", value: { label: "bug" }, gone: false });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ url: "/v1/chat/completions", authorization: "Bearer swordfish-1234", body: { model: "qwen3:8b", max_tokens: 20, response_format: { type: "json_schema", json_schema: { schema: SCHEMA } } } });
    expect(Object.keys(seen[0]?.body ?? {})).not.toContain("tools");
    expect(JSON.stringify(seen[0]?.body["messages"])).toContain("What is this?");
  });

  test("may name another model of a provider, and has its schema in words where a service takes none", async () => {
    script = { says: '{"label":"idea"}' };
    const asked = models({ providers: [{ name: "plain", url, key: null, structured: false }] });
    expect(await asked.ask({ ...QUESTION, model: "plain/org/model" })).toMatchObject({ value: { label: "idea" } });
    expect(seen[0]).toMatchObject({ authorization: undefined, body: { model: "org/model" } });
    expect(JSON.stringify(seen[0]?.body["messages"])).toContain("additionalProperties");
  });

  test("to a model of nobody's is not asked", async () => {
    await expect(models().ask({ ...QUESTION, model: "other/m" })).rejects.toMatchObject({ code: "MODEL_MISSING", hint: expect.stringContaining("local") as string });
    await expect(models().ask({ ...QUESTION, model: "local/" })).rejects.toMatchObject({ code: "MODEL_MISSING" });
    expect(seen).toEqual([]);
  });
});

describe("an answer", () => {
  test("is exact, and has no secret in it", async () => {
    script = { says: '{"label":"bug","id":9007199254740993}' };
    expect(await models().ask(QUESTION)).toEqual({ kind: "value", value: { label: "bug", id: new UnsafeInteger("9007199254740993") }, gone: false });
    script = { says: '"sword\\u0066ish-1234"' };
    expect(await models().ask({ ...QUESTION, schema: { type: "string" } })).toMatchObject({ value: "[redacted KEY]" });
  });

  test.each<[string, Script, string]>([
    ["is no JSON", { says: "It is a bug, swordfish-1234." }, "answered with something that is no JSON: It is a bug, [redacted KEY]."],
    ["breaks its schema", { says: '{"label":"question","more":1}' }, "gave an answer that breaks its schema: it must NOT have additional properties: more; /label must be equal to one of the allowed values: \"bug\", \"idea\""],
    ["was cut off at its budget", { says: '{"label":', finish: "length" }, "was cut off after 20 tokens"],
    ["is an error of the service", { status: 400, body: '{"error":{"message":"no such model, swordfish-1234"}}' }, "gave no answer: no such model, [redacted KEY]"],
    ["is garbage", { status: 200, body: "<html>" }, "gave no answer"],
  ])("that %s is an error", async (_, said, message) => {
    script = said;
    const answer = await models().ask(QUESTION);
    expect(answer).toMatchObject({ kind: "error", error: { code: "MODEL_FAILED" } });
    expect(answer.kind === "error" && answer.error.message).toContain(message);
  });

  test("that does not come in time is one too, and leaves no timer", async () => {
    script = "nothing";
    const clock = createFakeClock();
    const answer = models({ clock, timeoutMs: 5_000 }).ask(QUESTION);
    await clock.advance(5_000);
    expect(await answer).toMatchObject({ kind: "error", error: { code: "MODEL_FAILED", message: "The model local/qwen3:8b gave no answer within 5s." } });
    script = { says: '{"label":"bug"}' };
    await models({ clock }).ask(QUESTION);
    expect(clock.sleepers).toBe(0);
  });

  test("is not waited for when nobody wants it any more", async () => {
    script = "nothing";
    const closed = new AbortController();
    const clock = createFakeClock();
    const answer = models({ clock, closed: closed.signal }).ask(QUESTION);
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    closed.abort();
    expect(await answer).toMatchObject({ kind: "error", error: { code: "MODEL_FAILED" } });
    expect(clock.sleepers).toBe(0);
  });

  test("that is larger than any value may be is not read to its end", async () => {
    script = { says: JSON.stringify("x".repeat(MAX_ANSWER_BYTES)) };
    expect(await models().ask({ ...QUESTION, schema: { type: "string" } })).toMatchObject({ kind: "error", error: { message: "The model local/qwen3:8b gave no answer: What it sends is larger than 10 MiB." } });
    expect(seen).toHaveLength(1);
  });

  test("to a schema that is none says so", async () => {
    script = { says: "1" };
    expect(await models().ask({ ...QUESTION, schema: { type: "no such type" } })).toMatchObject({ kind: "error", error: { message: expect.stringContaining("the schema itself is none") as string } });
  });
});

describe("a conversation", () => {
  test("goes on with the project's model, its texts and its budget, and without tools or a schema", async () => {
    script = { says: "Hello to you.", finish: "length" };
    const reply = await models().reply({ system: "Be brief.", messages: [{ role: "user", text: "Hello" }, { role: "assistant", text: "Yes?" }, { role: "user", text: "Hello!" }], maxTokens: 5 }, new AbortController().signal);
    expect(reply).toEqual({ text: "Hello to you.", model: "local/qwen3:8b", cut: true });
    expect(seen[0]?.body).toEqual({ model: "qwen3:8b", max_tokens: 5, messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }, { role: "assistant", content: "Yes?" }, { role: "user", content: "Hello!" }] });
  });

  test("that nobody waits for any more, or that the service refuses, is an error without its secrets", async () => {
    script = { status: 400, body: '{"error":{"message":"no such model for swordfish-1234"}}' };
    await expect(models().reply({ system: null, messages: [{ role: "user", text: "Hello" }], maxTokens: 5 }, new AbortController().signal)).rejects.toMatchObject({ code: "MODEL_FAILED", message: expect.stringContaining("no such model for [redacted KEY]") as string });
    script = "nothing";
    const caller = new AbortController();
    const reply = models().reply({ system: null, messages: [{ role: "user", text: "Hello" }], maxTokens: 5 }, caller.signal);
    caller.abort();
    await expect(reply).rejects.toMatchObject({ code: "MODEL_FAILED" });
  });
});
