import { expect, test } from "vitest";
import { wrapProse } from "./wrap-prose.ts";

const wrapped = (text: string, width = 40): readonly string[] => wrapProse(text, width).split("\n");

test("what is too wide goes on below, indented, and no word is taken apart", () => {
  expect(wrapped("error USAGE: The prompt greet of notes needs who, and says so.")).toEqual(["error USAGE: The prompt greet of notes", "    needs who, and says so."]);
  expect(wrapped("  ~ tool changed its description from one to another")).toEqual(["  ~ tool changed its description from", "      one to another"]);
  expect(wrapped(`see ${"x".repeat(60)} there`)).toEqual(["see", `    ${"x".repeat(60)}`, "    there"]);
  expect(wrapped("日本語 日本語 日本語 日本語 日本語 日本語 日本語")).toEqual(["日本語 日本語 日本語 日本語 日本語", "    日本語 日本語"]);
});

test("in a table the last column goes on below itself", () => {
  expect(wrapped("\u001B[31mfails\u001B[39m  github  its program is not there, or may not be run")).toEqual(["\u001B[31mfails\u001B[39m  github  its program is not there,", "               or may not be run"]);
});

test("what is copied stays on one line: commands, what is in backticks, short quotes", () => {
  expect(wrapped("What is meant well is accepted by name: offstage lock --accept desk.say")).toEqual(["What is meant well is accepted by name:", "    offstage lock --accept desk.say"]);
  expect(wrapped("These workflows do not check: tickets, announce (offstage check --project 'a b' tells why), sorry")).toEqual(["These workflows do not check: tickets,", "    announce", "    (offstage check --project 'a b' tells why),", "    sorry"]);
  expect(wrapped("Read what it says about this, then `offstage lock --accept desk.say`, and go on")).toEqual(["Read what it says about this, then", "    `offstage lock --accept desk.say`,", "    and go on"]);
  expect(wrapped('Write it: "headers": { "X": "Bearer ${env:LONG_TOKEN}" }')).toEqual(['Write it: "headers": { "X":', '    "Bearer ${env:LONG_TOKEN}" }']);
});

test("lines of code with their carets stay, and a server's further lines keep their mark", () => {
  const frame = `  12 | ${"const x = 1; ".repeat(5)}\n     | ${" ".repeat(50)}^^^`;
  expect(wrapProse(frame, 40)).toBe(frame);
  expect(wrapped("error: said\n  | a line of the server that is much too wide")).toEqual(["error: said", "  | a line of the server that is much", "  |     too wide"]);
  expect(wrapped("  |   name=…  The name of whoever shall get the ticket")).toEqual(["  |   name=…  The name of whoever shall", "  |           get the ticket"]);
});

test("what fits stays to the letter, and so does all of it where nobody looks or there is no room", () => {
  const text = "  two  spaces   and  more";
  expect(wrapProse(text, 40)).toBe(text);
  const long = "word ".repeat(30);
  expect([wrapProse(long, Infinity), wrapProse(long, 20)]).toEqual([long, long]);
});
