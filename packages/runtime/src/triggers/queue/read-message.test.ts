import { expect, test } from "vitest";
import type { QueueContent } from "./queue-port.ts";
import { readMessage } from "./read-message.ts";

const json = (text: string): QueueContent => ({ kind: "json", bytes: Buffer.from(text) });
const read = (content: QueueContent, attempt = 1): unknown => readMessage({ id: "1", attempt, content }, { maxBytes: 12, maxAttempts: 3 });

test("a message is an event with its delivery, up to the largest size and the last delivery", () => {
  expect(read(json('{"n":123456}'), 3)).toEqual({ kind: "event", event: { kind: "queue", body: { n: 123_456 }, attempt: 3 } });
  expect(read({ kind: "data", data: { n: "1" }, size: 12 })).toEqual({ kind: "event", event: { kind: "queue", body: { n: "1" }, attempt: 1 } });
});

test.each<[string, QueueContent, number, string]>([
  ["is not looked at when it was delivered too often: it may be what its readers die of", json("1"), 4, "it was delivered 4 times, and nobody handled it"],
  ["does not fit when it is too large", json('{"n":1234567}'), 1, "it is larger than 12 bytes"],
  ["does not fit when its parts are", { kind: "data", data: {}, size: 13 }, 1, "it is larger than 12 bytes"],
  ["does not fit when its broker says so", { kind: "unfit", why: "it has no field x" }, 1, "it has no field x"],
  ["does not fit when it is no text", { kind: "json", bytes: Buffer.from([0x22, 0xff, 0x22]) }, 1, "it is no UTF-8"],
  ["does not fit when it is no JSON, of which nothing is quoted", json('"hunter2'), 1, "it is no JSON that can be read: This is not JSON: Unterminated string at position 8"],
])("a message %s", (_, content, attempt, why) => {
  expect(read(content, attempt)).toMatchObject({ kind: "unfit", why: expect.stringContaining(why) as string });
});
