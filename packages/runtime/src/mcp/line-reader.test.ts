import { expect, test } from "vitest";
import fc from "fast-check";
import { createLineReader } from "./line-reader.ts";

function read(chunks: readonly Buffer[], limit = 1000): { lines: string[]; overflows: string[] } {
  const lines: string[] = [];
  const overflows: string[] = [];
  const reader = createLineReader(limit, { onLine: (line) => lines.push(line), onOverflow: (line) => overflows.push(line) });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { lines, overflows };
}

test("lines come out the same however the stream was cut", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }).filter((line) => !/[\r\n]/.test(line)), { minLength: 1 }), fc.array(fc.nat(200)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
      expect(read(chunks).lines).toEqual(lines);
    }),
  );
});

test("a carriage return before the newline belongs to the end of the line", () => {
  expect(read([Buffer.from("one\r\ntwo\r\n")]).lines).toEqual(["one", "two"]);
});

test("what has no newline when the stream ends is a line too", () => {
  expect(read([Buffer.from("one\ntw"), Buffer.from("o")]).lines).toEqual(["one", "two"]);
});

test.each([[["12345678901\nnext\n"]], [["123456", "78901", "2345\nnext\n"]], [["12345678901", "23", "4\nnext\n"]]])("a line beyond the limit is told once and thrown away: %j", (chunks) => {
  const { lines, overflows } = read(chunks.map((chunk) => Buffer.from(chunk)), 10);
  expect(overflows).toEqual(["1234567890"]);
  expect(lines).toEqual(["next"]);
});
