import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { printLine, readProtocolLine } from "./protocol-line.ts";

test.each(["", "Welcome", "[1,2]", "{ not json", '{"level":"info"}', '{"jsonrpc":"1.0","id":1,"result":{}}', "42", "{".repeat(5000)])("%s is not the protocol", (line) => {
  expect(readProtocolLine(line)).toBeNull();
});

test("requests, notifications and answers pass as they are", () => {
  for (const message of [
    { jsonrpc: "2.0", id: 1, method: "ping" },
    { jsonrpc: "2.0", method: "notifications/message", params: {} },
    { jsonrpc: "2.0", id: 1, result: { a: [1] } },
    { jsonrpc: "2.0", id: "x", error: { code: -1, message: "no", data: 2 } },
  ]) {
    expect(readProtocolLine(`  ${JSON.stringify(message)}`)).toEqual(message);
  }
});

test("a large integer keeps its digits", () => {
  expect(readProtocolLine('{"jsonrpc":"2.0","id":1,"result":{"n":9007199254740993}}')).toMatchObject({ result: { n: new UnsafeInteger("9007199254740993") } });
});

test.each([
  ["a result that is no object", '{"jsonrpc":"2.0","id":7,"result":"done"}', "the answer holds no result"],
  ["an error that is a text", '{"jsonrpc":"2.0","id":7,"error":"it broke"}', "it broke"],
  ["an error that says nothing", '{"jsonrpc":"2.0","id":7,"error":null}', "null"],
  ["an error whose message is no text", '{"jsonrpc":"2.0","id":7,"error":{"code":"E","message":{"a":1}}}', '{"a":1}'],
  ["an answer that nests too deeply", `{"jsonrpc":"2.0","result":{"a":${"[".repeat(300)}${"]".repeat(300)}},"id":7}`, "cannot be read"],
  ["an answer with a number beyond every double", '{"jsonrpc":"2.0","id":7,"result":{"n":1e999}}', "cannot be read"],
])("%s becomes an error answer to its request", (_name, line, words) => {
  expect(readProtocolLine(line)).toMatchObject({ id: 7, error: { code: expect.any(Number) as number, message: expect.stringContaining(words) as string } });
});

test("a message is one line for whoever reads lines, whatever its texts hold", async () => {
  const message = { jsonrpc: "2.0", method: "notifications/message", params: { data: "a\u2028b\u2029c\nd\re\u0085" } } as const;
  const lines: string[] = [];
  for await (const line of createInterface({ input: Readable.from([printLine(message)]) })) lines.push(line);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([message]);
});
