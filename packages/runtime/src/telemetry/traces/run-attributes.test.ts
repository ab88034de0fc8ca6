import { expect, test } from "vitest";
import { linksOf } from "./run-attributes.ts";
import { readTraceParent, traceIdOf, traceParent } from "./trace-ids.ts";

const SENDER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const webhook = (traceparent: string) => ({ kind: "webhook", source: "hub", headers: { traceparent }, body: null }) as const;

test("a run is linked to what led to it, where that has a trace", () => {
  const traces = (rootRunId: string, event: Parameters<typeof linksOf>[0]["event"]): readonly string[] => linksOf({ runId: "r", rootRunId, event }).map(({ context }) => context.traceId);
  expect(traces("r", { kind: "call" })).toEqual([]);
  expect(traces("first", { kind: "started", run: "parent", workflow: "w", key: "k" })).toEqual([traceIdOf("first"), traceIdOf("parent")]);
  expect(traces("r", webhook(SENDER))).toEqual(["4bf92f3577b34da6a3ce929d0e0e4736"]);
});

test("what a sender calls a trace and is none leads nowhere", () => {
  for (const text of ["", "hunter2", SENDER.toUpperCase(), `00-${"0".repeat(32)}-00f067aa0ba902b7-01`, `00-4bf92f3577b34da6a3ce929d0e0e4736-${"0".repeat(16)}-01`, `${SENDER}-x`, `ff${SENDER.slice(2)}`]) expect([text, readTraceParent(text)]).toEqual([text, null]);
  const read = readTraceParent(SENDER);
  expect(read === null ? null : traceParent(read)).toBe(SENDER);
});
