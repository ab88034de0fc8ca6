import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor, type Data, UnsafeInteger } from "./index.ts";

const SECRET = 'pa"ss/wörd+\\n&~(1)';
const redactorOf = (...secrets: readonly (readonly [secret: string, name: string])[]): ReturnType<typeof createRedactor> => {
  const redactor = createRedactor();
  for (const [secret, name] of secrets) redactor.register(secret, name);
  return redactor;
};
const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const pythonJson = (text: string): string => JSON.stringify(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const FORMS: Readonly<Record<string, string>> = {
  raw: SECRET,
  "JSON-escaped": JSON.stringify(SECRET).slice(1, -1),
  "JSON in JSON": JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
  "JSON in JSON in JSON": JSON.stringify(JSON.stringify(JSON.stringify(SECRET))).slice(7, -7),
  "JSON, ASCII only": pythonJson(SECRET).slice(1, -1),
  "JSON with escaped slashes": JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/"),
  base64: base64(SECRET),
  "base64 without padding": base64(SECRET).replaceAll("=", ""),
  base64url: Buffer.from(SECRET, "utf8").toString("base64url"),
  "URL-encoded": encodeURIComponent(SECRET),
  "URL-encoded, lower case": encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase()),
  "URL-encoded by URLSearchParams": new URLSearchParams({ q: SECRET }).toString().slice(2),
};

describe("createRedactor", () => {
  test.each(Object.entries(FORMS))("replaces a secret that is %s", (_form, text) => {
    expect(redactorOf([SECRET, "JIRA_TOKEN"]).redact(`<${text}>`)).toBe("<[redacted JIRA_TOKEN]>");
  });

  test("replaces a secret inside a longer base64, at each alignment, in both alphabets", () => {
    const redactor = redactorOf([SECRET, "T"]);
    for (const user of ["", "a", "ab", "abc"]) {
      for (const alphabet of ["base64", "base64url"] as const) {
        const text = Buffer.from(`${user}:${SECRET}:tail`, "utf8").toString(alphabet);
        const redacted = redactor.redact(text);
        expect(redacted).toContain("[redacted T]");
        const rest = redacted.split("[redacted T]").map((part) => Buffer.from(part, alphabet).toString("latin1")).join("");
        expect(rest).not.toContain("ss/w");
      }
    }
  });

  test("finds every form of any secret, anywhere", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }).filter((secret) => secret.trim().length >= 8 && !/[:[redact]/.test(secret)), fc.string({ maxLength: 20 }), fc.constantFrom<(secret: string) => string>((s) => s, (s) => JSON.stringify(s), base64, encodeURIComponent, (s) => Buffer.from(s).toString("base64url")), (secret, around, form) => {
        const redacted = redactorOf([secret, "NAME"]).redact(`${around}\n${form(secret)}\n${around}`);
        expect(redacted).toContain("[redacted NAME]");
        expect(redacted).not.toContain(form(secret));
      }),
    );
  });

  test("of two secrets that begin alike the longer is replaced whole", () => {
    expect(redactorOf(["abcdefgh", "SHORT"], ["abcdefghijkl", "LONG"]).redact("abcdefghijkl abcdefgh")).toBe("[redacted LONG] [redacted SHORT]");
  });

  test("of secrets that overlap no part stays", () => {
    const redactor = redactorOf(["abcdefgh", "A"], ["efghijkl", "B"], ["ijklmnop", "C"]);
    expect(redactor.redact("-abcdefghijklmnop-")).toBe("-[redacted A]-");
    expect(redactor.redact("efghijklabcdefgh")).toBe("[redacted B][redacted A]");
    expect(redactorOf(["aaaaaaaa", "A"]).redact("aaaaaaaaaaaab")).toBe("[redacted A]b");
  });

  test("white space around a secret is not needed to find it", () => {
    expect(redactorOf(["token-1234\n", "T"]).redact("Bearer token-1234.")).toBe("Bearer [redacted T].");
  });

  test("refuses a secret that is too short to be kept out of texts", () => {
    for (const short of ["", "1234567", "          ", " 1234567 "]) expect(() => createRedactor().register(short, "PIN")).toThrow(expect.objectContaining({ code: "SECRET_TOO_SHORT", message: expect.stringContaining("PIN") }));
    expect(() => createRedactor().register("1234567", "PIN")).not.toThrow("1234567");
  });

  test("redacts data all the way down: values, names, numbers", () => {
    const redactor = redactorOf(["abcdefgh", "A"], ["12345678", "N"], ["90071992547409931", "BIG"]);
    const data = { list: ["x abcdefgh", { "by abcdefgh": null }], "abcdefgh": 1, pin: 12345678, big: new UnsafeInteger("90071992547409931"), other: 7 };
    expect(redactor.redactData(data)).toStrictEqual({ list: ["x [redacted A]", { "by [redacted A]": null }], "[redacted A]": 1, pin: "[redacted N]", big: "[redacted BIG]", other: 7 });
  });

  test("no member vanishes when two names become one", () => {
    const redacted = redactorOf(["abcd/fgh", "A"]).redactData({ "abcd/fgh": 1, "abcd%2Ffgh": 2, "[redacted A]": 3 });
    expect(Object.values(redacted as object)).toEqual([1, 2, 3]);
    expect(Object.keys(redacted as object).join()).not.toMatch(/fgh/);
  });

  test("keeps fields of any name as fields", () => {
    const data = JSON.parse('{"__proto__":"abcdefgh","toString":"abcdefgh"}') as Data;
    const redacted = redactorOf(["abcdefgh", "A"]).redactData(data) as object;
    expect(Object.entries(redacted)).toEqual([["__proto__", "[redacted A]"], ["toString", "[redacted A]"]]);
  });

  test("gives back the very same value when there is nothing to hide", () => {
    const data: Data = { a: [1, "x", { b: Number.NaN }], c: "z".repeat(1_000) };
    expect(createRedactor().redactData(data)).toBe(data);
    expect(redactorOf(["abcdefgh", "A"]).redactData(data)).toBe(data);
  });

  test("a secret that is registered later is found from then on", () => {
    const redactor = redactorOf(["abcdefgh", "A"]);
    expect(redactor.redact("hijklmnop")).toBe("hijklmnop");
    redactor.register("hijklmnop", "B");
    expect(redactor.redact("hijklmnop abcdefgh")).toBe("[redacted B] [redacted A]");
  });
});
