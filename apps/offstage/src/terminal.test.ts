import { createRedactor } from "offstage/base";
import { expect, test } from "vitest";
import { displayWidth } from "./display-width.ts";
import { createTerminal, escapeControls, tableText, type TerminalOptions } from "./terminal.ts";

function recorded(options: { readonly tty: boolean; readonly noColor?: boolean; readonly now?: () => number }) {
  const out: string[] = [];
  const err: string[] = [];
  const stream = (texts: string[]) => ({ isTTY: options.tty, columns: 40, write: (text: string) => texts.push(text) });
  const redactor = createRedactor();
  const made: TerminalOptions = { stdout: stream(out), stderr: stream(err), noColor: options.noColor ?? false, redactor, now: options.now ?? (() => 0) };
  return { terminal: createTerminal(made), out, err, redactor };
}

test("colours only a terminal, and not when told so", () => {
  expect(recorded({ tty: true }).terminal.paint("red", "no")).toBe("\u001B[31mno\u001B[39m");
  expect(recorded({ tty: true, noColor: true }).terminal.paint("red", "no")).toBe("no");
  expect(recorded({ tty: false }).terminal.paint("red", "no")).toBe("no");
});

test("results go to stdout, notes to stderr, and neither shows a registered secret", () => {
  const { terminal, out, err, redactor } = recorded({ tty: false });
  redactor.register("hunter2hunter2", "PASS");
  terminal.print("it is hunter2hunter2");
  terminal.note("no, hunter2hunter2!");
  expect(out).toEqual(["it is [redacted PASS]\n"]);
  expect(err).toEqual(["no, [redacted PASS]!\n"]);
});

test("prose and notes are made to fit a terminal, after secrets were taken out; data is not, nor what is piped", () => {
  const { terminal, out, err, redactor } = recorded({ tty: true });
  redactor.register("correct horse battery staple", "PASS");
  const text = "the passphrase of this is correct horse battery staple";
  terminal.print(text, "prose");
  terminal.print(text);
  terminal.note(text);
  expect(out).toEqual(["the passphrase of this is [redacted\n    PASS]\n", "the passphrase of this is [redacted PASS]\n"]);
  expect(err).toEqual(["the passphrase of this is [redacted\n    PASS]\n"]);
  const piped = recorded({ tty: false });
  piped.terminal.print("word ".repeat(30), "prose");
  expect(piped.out).toEqual([`${"word ".repeat(30)}\n`]);
});

test("progress replaces itself on a terminal and leaves nothing behind", () => {
  const { terminal, out, err } = recorded({ tty: true });
  terminal.progress("1 of 2");
  terminal.progress("2 of 2, and a text that is much longer than forty columns");
  terminal.print("done");
  expect(err).toEqual(["\r\u001B[2K1 of 2", `\r\u001B[2K${"2 of 2, and a text that is much longer than".slice(0, 39)}`, "\r\u001B[2K"]);
  expect(out).toEqual(["done\n"]);
});

test("progress into a file is one line every ten seconds", () => {
  let now = 0;
  const { terminal, err } = recorded({ tty: false, now: () => now });
  for (; now < 25_000; now += 1000) terminal.progress(`at ${now}`);
  expect(err).toEqual(["at 0\n", "at 10000\n", "at 20000\n"]);
});

test("text of a server cannot move the cursor, clear the screen or turn the line around", () => {
  expect(escapeControls("a\u001B[2Jb\u009Bc\u202Ed\r\ne\tf")).toBe("a\\u001b[2Jb\\u009bc\\u202ed\\u000d\\ne\\tf");
  expect(escapeControls("a\u3164b\u115f\u1160\u2800\uffa0")).toBe(String.raw`a\u3164b\u115f\u1160\u2800\uffa0`);
  expect(escapeControls("日本語 👩‍👩‍👧 é", "keep")).toBe("日本語 👩‍👩‍👧 é");
  expect(escapeControls("one\ntwo", "keep")).toBe("one\ntwo");
  expect(escapeControls("one\nhint: two\u2028x\r\n", "mark")).toBe("one\n  | hint: two\\u2028x\\u000d\n  | ");
});

test("a table lines up with CJK, emoji and colours in it", () => {
  expect(displayWidth("日本🎉\u001B[31mx\u001B[39m")).toBe(7);
  expect(tableText([["日本", "x", "1"], ["abc", "yy", "2"]])).toBe("日本  x   1\nabc   yy  2");
  expect(tableText([])).toBe("");
});

test("a table that is wider than the terminal is written over several lines, no cell taken apart", () => {
  const rows = [["run", "workflow", "started"], ["20261102-0900", "leak-tickets", "2026-11-02T09:00:00Z"], ["20261102-0901", "a", ""]];
  expect(tableText(rows, 60)).toBe(tableText(rows));
  expect(tableText(rows, 30)).toBe("run\n  workflow  started\n20261102-0900\n  leak-tickets\n  2026-11-02T09:00:00Z\n20261102-0901\n  a");
});

test("JSON keeps its value, and has nothing in it that could steer the terminal of who looks at it", () => {
  const { terminal, out, err } = recorded({ tty: true });
  const value = { text: "a\u009b2J\u202e\u2028\u007f\u200b\u3164\u{e0041}\\\u009b\n", "\u0085": "日本" };
  terminal.print(JSON.stringify(value), "json");
  terminal.record(JSON.stringify(value));
  for (const [line = ""] of [out, err]) {
    expect(JSON.parse(line)).toEqual(value);
    expect(escapeControls(line, "keep")).toBe(line);
  }
});
