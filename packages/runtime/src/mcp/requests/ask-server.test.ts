import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { afterAll, expect, test, vi } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { realClock } from "../../testing/real-clock.ts";
import { createAsking } from "../../testing/servers/create-asking.ts";
import { askServer } from "./ask-server.ts";
import { createRequestDesk } from "./request-desk.ts";
import { DECLINE_ALL, type PersonAnswer, type PersonQuestion, type RequestPolicy, type SamplingQuestion } from "./request-policy.ts";
import { serveRequests } from "./serve-requests.ts";

// What a real server of either era asks back, and what it is told.

type Era = "legacy" | "modern";
const ERAS: readonly Era[] = ["legacy", "modern"];
const clients: Client[] = [];
afterAll(async () => void (await Promise.all(clients.map((client) => client.close()))));

interface Asked {
  readonly lines: readonly string[];
  call(tool: string, signal?: AbortSignal, deadlineAt?: number): Promise<unknown>;
  /** Whether a question was declined during the call before. */
  declined(): boolean;
}

async function open(era: Era, policy: Partial<RequestPolicy>): Promise<Asked> {
  const lines: string[] = [];
  const redactor = createRedactor();
  redactor.register("swordfish-1234", "TOKEN");
  const context = { clock: realClock, log: (line: string) => void lines.push(line), redact: (text: string) => redactor.redact(text) };
  const desk = createRequestDesk({ ...DECLINE_ALL, ...policy }, { ...context, onAsksForEver: () => void lines.push("for ever") });
  const client = new Client({ name: "test", version: "0" }, { capabilities: desk.capabilities, ...(era === "modern" ? { versionNegotiation: { mode: { pin: "2026-07-28" } } } : {}) });
  clients.push(client);
  serveRequests(client, desk);
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  serveStdio(createAsking, { transport: theirs as never });
  await client.connect(ours);
  expect(client.getProtocolEra()).toBe(era);
  let declined = false;
  return {
    lines,
    declined: () => declined,
    async call(tool, signal = new AbortController().signal, deadlineAt?: number) {
      const answer = await askServer(client, desk, realClock, { method: "tools/call", params: { name: tool, arguments: {} } }, { signal, deadlineAt });
      declined = answer.declined;
      const result = answer.result as { readonly content: readonly { readonly text: string }[]; readonly isError?: boolean };
      const text = result.content[0]?.text ?? "";
      return result.isError === true ? text : JSON.parse(text);
    },
  };
}

/** One for all tests in which nothing is said. */
const plain = { legacy: open("legacy", {}), modern: open("modern", {}) };

test.each(ERAS)("%s: a question is declined when nothing else is said, and so is a page to open", async (era) => {
  const { call, lines, declined } = await plain[era];
  expect(await call("times")).toBe(1);
  expect(declined()).toBe(false);
  expect(await call("form")).toEqual({ action: "decline" });
  expect(declined()).toBe(true);
  expect(await call("page")).toEqual({ action: "decline" });
  expect(lines).toEqual(expect.arrayContaining([
    "asks: Which project? The key is [redacted TOKEN]. -> declined (elicitation in offstage.yaml)",
    "asks: that somebody opens https://example.com/sign-in: Sign in -> declined: nobody is here who could",
  ]));
});

test.each(ERAS)("%s: a form is filled in from the settings and its own defaults; what it does not ask for stays here", async (era) => {
  const { call, lines, declined } = await open(era, { elicitation: { kind: "answer", fields: { project: "PROD", sure: "true", secret: "not asked for" } } });
  expect(await call("form")).toEqual({ action: "accept", content: { project: "PROD", count: 3, kind: "bug", sure: true } });
  expect(declined()).toBe(false);
  expect(lines.at(-1)).toMatch(/answered from offstage.yaml: project, count, kind, sure$/);
});

test.each(ERAS)("%s: a form without an answer to a required field is declined, and the log says which", async (era) => {
  const { call, lines } = await open(era, { elicitation: { kind: "answer", fields: {} } });
  expect(await call("form")).toEqual({ action: "decline" });
  expect(lines.at(-1)).toMatch(/declined: there is no answer for its field "project"$/);
});

test.each(ERAS)("%s: a person is asked while the call waits, and no longer than it does", async (era) => {
  const asked: { readonly question: PersonQuestion; readonly answer: (answer: PersonAnswer) => void; readonly signal: AbortSignal }[] = [];
  let next: () => void = () => undefined;
  const ask = (question: PersonQuestion, signal: AbortSignal): Promise<PersonAnswer | null> =>
    new Promise((answer) => {
      signal.addEventListener("abort", () => answer(null), { once: true });
      asked.push({ question, answer, signal });
      next();
    });
  const { call, declined, lines } = await open(era, { elicitation: { kind: "ask", ask } });
  const question = (): Promise<void> => new Promise((resolve) => (next = resolve));
  const form = question();
  const answered = call("form");
  await form;
  expect(asked[0]?.question).toMatchObject({ message: "Which project? The key is swordfish-1234.", url: null, schema: { required: ["project"] } });
  asked[0]?.answer({ kind: "accepted", fields: { project: "PROD" } });
  expect(await answered).toMatchObject({ action: "accept", content: { project: "PROD", count: 3 } });
  const page = question();
  const opened = call("page");
  await page;
  asked[1]?.answer({ kind: "declined" });
  expect([await opened, declined()]).toEqual([{ action: "decline" }, true]);
  const late = question();
  const stop = new AbortController();
  const given = call("form", stop.signal).catch(() => "given up");
  await late;
  expect(asked[2]?.signal.aborted).toBe(false);
  stop.abort("over");
  expect([await given, asked[2]?.signal.aborted]).toEqual(["given up", true]);
  await vi.waitFor(() => expect(lines.at(-1)).toMatch(/cancelled: nobody answered in time$/));
});

test.each(ERAS)("%s: the model is asked where that is allowed, without our secrets and within the limit", async (era) => {
  const asked: SamplingQuestion[] = [];
  const { call } = await open(era, { sampling: { maxTokens: 10, perHour: 1, ask: (question) => (asked.push(question), Promise.resolve({ text: `It is swordfish-1234 ${"x".repeat(500)}`, model: "local/tiny", cut: true })) } });
  expect(await call("model")).toEqual({ role: "assistant", content: { type: "text", text: `It is [redacted TOKEN] ${"x".repeat(160 - 23)}` }, model: "local/tiny", stopReason: "maxTokens" });
  expect(asked).toEqual([{ system: "Be brief.", messages: [{ role: "user", text: "Say [redacted TOKEN]." }], maxTokens: 10 }]);
  // The second one in an hour.
  expect(await call("model").catch((error: Error) => (error.cause as Error).message)).toContain("1 times an hour");
  expect(asked).toHaveLength(1);
});

test.each(ERAS)("%s: folders are told where the settings name them", async (era) => {
  expect(await (await open(era, { roots: ["file:///srv/my%20data"] })).call("folders")).toEqual({ roots: [{ uri: "file:///srv/my%20data", name: "my data" }] });
});

test("what is not announced is not asked for by a server that keeps to the protocol", async () => {
  expect(await (await open("legacy", { elicitation: { kind: "none" } })).call("form")).toMatch(/elicitation/i);
  await expect((await plain.modern).call("model")).rejects.toThrow(/sampling/);
});

test("a call that its server puts off is made again with the server's own state", async () => {
  expect(await (await plain.modern).call("later")).toBe("opaque ✓");
});

test("a server that wants to know something for ever is given up after ten rounds", async () => {
  const { call, lines } = await plain.modern;
  const before = lines.length;
  await expect(call("for_ever")).rejects.toMatchObject({ cause: { message: "it still wanted to know something after 10 rounds" } });
  expect(lines.length - before).toBe(10);
});

test.each(ERAS)("%s: after the deadline of its call a server is not told to go on", async (era) => {
  const ask = (): Promise<PersonAnswer> => Promise.resolve({ kind: "accepted", fields: { project: "PROD" } });
  const { call } = await open(era, { elicitation: { kind: "ask", ask } });
  const late = await call("form", undefined, realClock.now() - 1).catch((error: Error) => (error.cause as Error).message);
  expect(late).toEqual(era === "legacy" ? { action: "cancel" } : "its deadline passed before the answer to that was sent");
});
