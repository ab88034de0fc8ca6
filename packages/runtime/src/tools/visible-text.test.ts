import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { jsonText, stringLiteral, visibleLine, visibleText } from "./visible-text.ts";

test("what hides in a text is spelt out", () => {
  expect(visibleText("a\u202eb\u200bc\u0000d\ud800")).toBe("a\\u202eb\\u200bc\\u0000d\\ud800");
  expect(visibleText("ignore \u{e0041}\u{e0042}")).toBe("ignore \\u{e0041}\\u{e0042}");
  expect(visibleText("a\u3164b\u115f\u2800 \u{e0100}")).toBe("a\\u3164b\\u115f\\u2800 \\u{e0100}");
});

test("line feeds, tabs, emoji and other scripts stay", () => {
  expect(visibleText("a\r\n\tb 👩‍💻 ❤️ 日本 é")).toBe("a\n\tb 👩‍💻 ❤️ 日本 é");
  expect(visibleLine(" a\n\n b\u2028c ")).toBe("a b\\u2028c");
});

const scanner = ts.createScanner(ts.ScriptTarget.ES2024, true);

test("a literal means exactly its text, whatever that is", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const literal = stringLiteral(text);
    scanner.setText(literal);
    expect(scanner.scan()).toBe(ts.SyntaxKind.StringLiteral);
    expect(scanner.getTokenValue()).toBe(text);
    expect(scanner.scan()).toBe(ts.SyntaxKind.EndOfFileToken);
    expect(literal).not.toMatch(/[\u0000-\u001f\u007f\u2028\u202e\u200b]/);
  }));
});

test("JSON of a text reads as exactly that text, and shows what hides in it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    expect(JSON.parse(jsonText(text))).toBe(text);
    expect(jsonText(text)).not.toMatch(/[\u0000-\u001f\u007f\u2028\u202e\u200b]/);
  }));
  expect(jsonText("a\u202eb \u{e0041}")).toBe(String.raw`"a\u202eb \udb40\udc41"`);
});
