import { describe, expect, test } from "vitest";
import { type Data, parseExact } from "../base/index.ts";
import type { EventSource } from "../model/index.ts";
import { eventOf } from "./event-shape.ts";

const HOOK: EventSource = { kind: "webhook", source: "github" };
const QUEUE: EventSource = { kind: "queue", name: "jobs" };
const RESOURCE: EventSource = { kind: "resource", server: "jira", uri: "jira://boards/7" };

describe("eventOf", () => {
  test.each<readonly [EventSource, Data, Data]>([
    [HOOK, { body: null }, { kind: "webhook", source: "github", headers: {}, body: null }],
    [HOOK, { kind: "webhook", source: "github", headers: { "X-Id": "7" }, body: [1] }, { kind: "webhook", source: "github", headers: { "x-id": "7" }, body: [1] }],
    [QUEUE, { body: "a" }, { kind: "queue", body: "a", attempt: 1 }],
    [QUEUE, { body: "a", attempt: 2 }, { kind: "queue", body: "a", attempt: 2 }],
    [RESOURCE, {}, { kind: "resource", uri: "jira://boards/7" }],
  ])("of %j: what the source says is filled in: %j", (source, given, expected) => expect(eventOf(source, given)).toEqual(expected));

  test.each<readonly [EventSource, Data, RegExp]>([
    [HOOK, [], /not a JSON object/], [HOOK, null, /not a JSON object/], [HOOK, "x", /not a JSON object/], [HOOK, parseExact("9007199254740993"), /not a JSON object/],
    [HOOK, {}, /no body/], [HOOK, { action: "opened" }, /no member "action".*"body"/], [HOOK, parseExact('{"__proto__": 1}'), /no member "__proto__"/],
    [HOOK, { kind: "queue", body: 1 }, /kind is "queue".*"webhook"/], [HOOK, { kind: 1, body: 1 }, /kind is no text/], [HOOK, { source: "gitlab", body: 1 }, /source is "gitlab"/],
    [HOOK, { headers: [], body: 1 }, /headers are not/], [HOOK, { headers: { a: 1 }, body: 1 }, /header "a" is no text/], [HOOK, { headers: { "X-A": "1", "x-a": "1" }, body: 1 }, /"x-a" twice/],
    [QUEUE, { body: 1, attempt: 0 }, /attempt/], [QUEUE, { body: 1, attempt: "1" }, /attempt/], [RESOURCE, { uri: "jira://other" }, /uri is/], [RESOURCE, { body: 1 }, /no member "body"/],
  ])("of %j refuses %j", (source, given, message) => expect(() => eventOf(source, given)).toThrow(expect.objectContaining({ code: "EVENT_INVALID", message: expect.stringMatching(message) as string, hint: expect.any(String) as string })));

  test("names that JavaScript hangs on all objects are names", () => {
    expect(Object.entries((eventOf(HOOK, parseExact('{"headers": {"__proto__": "a", "toString": "b"}, "body": {"__proto__": 1}}')) as { readonly headers: object }).headers)).toEqual([["__proto__", "a"], ["tostring", "b"]]);
    expect(() => eventOf(HOOK, { headers: {} })).toThrow(/no body/);
  });
});
