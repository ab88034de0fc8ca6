import { expect, test } from "vitest";
import type { Calls } from "../calls/index.ts";
import { createRecorder } from "./recorder.ts";

const answers: Calls = {
  call: (_server, tool) => Promise.resolve(tool === "lost" ? { kind: "error", error: { code: "TOOL_ERROR", message: "502" }, refused: false, gone: false } : { kind: "value", value: tool, gone: false }),
  read: ({ tool, args }) => Promise.resolve(tool === "gone" ? { kind: "error", error: { code: "READ_FAILED", message: "404" }, gone: true } : { kind: "value", value: args, gone: false }),
  readOffer: ({ offer }) => Promise.resolve({ kind: "value", value: offer.kind, gone: false }),
};

test("calls are recorded as they were answered, sorted by tool and arguments, equal ones in order", async () => {
  const recorder = createRecorder();
  let count = 0;
  const calls = recorder.around({ ...answers, call: async (...given) => ({ ...(await answers.call(...given)), value: (count += 1) }) as never }, (_, tool) => (tool === "send" ? "write" : "read"));
  await calls.read({ server: "b", tool: "list", args: {} });
  await calls.call("a", "send", { z: 1, a: 2 });
  await calls.call("a", "send", { a: 2, z: 1 });
  await calls.call("a", "send", { a: 1 });
  await calls.read({ server: "a", tool: "gone", args: {} });
  expect(recorder.calls().map(({ server, tool, class: said, outcome }) => [server, tool, said, outcome.kind === "value" ? outcome.value : outcome])).toEqual([
    ["a", "gone", "read", { kind: "error", error: { code: "READ_FAILED", message: "404" }, refused: false, gone: true }],
    ["a", "send", "write", 3],
    ["a", "send", "write", 1],
    ["a", "send", "write", 2],
    ["b", "list", "read", {}],
  ]);
});

test("a second look adds only what is answered otherwise", async () => {
  const recorder = createRecorder();
  let answer = 1;
  const calls = recorder.around({ ...answers, read: () => Promise.resolve({ kind: "value", value: answer, gone: false }) }, () => "read");
  await calls.read({ server: "a", tool: "get", args: {} });
  await calls.read({ server: "a", tool: "get", args: {} });
  recorder.onlyNews();
  await calls.read({ server: "a", tool: "get", args: {} });
  answer = 2;
  await calls.read({ server: "a", tool: "get", args: {} });
  expect(recorder.calls().map(({ outcome }) => (outcome.kind === "value" ? outcome.value : null))).toEqual([1, 1, 2]);
});

test("resources and prompts are recorded as the workflow writes them", async () => {
  const recorder = createRecorder();
  const calls = recorder.around(answers, () => "write");
  await calls.readOffer({ server: "a", offer: { kind: "resource", uri: "file:///x" } });
  await calls.readOffer({ server: "a", offer: { kind: "prompt", name: "p", args: { of: "y" } } });
  expect(recorder.calls()).toEqual([
    { server: "a", tool: "prompt", class: "read", args: { name: "p", args: { of: "y" } }, outcome: { kind: "value", value: "prompt", gone: false } },
    { server: "a", tool: "read", class: "read", args: { uri: "file:///x" }, outcome: { kind: "value", value: "resource", gone: false } },
  ]);
});

test("a question to a model is recorded with all that decides its answer", async () => {
  const recorder = createRecorder();
  const models = recorder.aroundModels({ ask: () => Promise.resolve({ kind: "value", value: { kind: "bug" }, gone: false }) });
  await models.ask({ step: "ask#1", prompt: "What is it?", schema: { type: "object" }, maxTokens: 10, model: null });
  expect(recorder.calls()).toEqual([{ server: "model", tool: "ask", class: "read", args: { prompt: "What is it?", schema: { type: "object" }, maxTokens: 10 }, outcome: { kind: "value", value: { kind: "bug" }, gone: false } }]);
});
