import { inspect } from "node:util";
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

const pythonQuote = (text: string): string => [...Buffer.from(text, "utf8")].map((byte) => (/[\w.~/-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)).join("");

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
  "URL-encoded by Python's quote": pythonQuote(SECRET),
  "URL-encoded by Python's quote_plus": pythonQuote(SECRET).replaceAll("/", "%2F").replaceAll("%20", "+"),
  "URL-encoded twice": encodeURIComponent(encodeURIComponent(SECRET)),
  "JSON by Go": JSON.stringify(SECRET).slice(1, -1).replaceAll("&", "\\u0026"),
  "JSON by Go in JSON": JSON.stringify(JSON.stringify(SECRET).replaceAll("&", "\\u0026")).slice(3, -3),
  "JSON by Go's templates": JSON.stringify(SECRET).slice(1, -1).replaceAll("&", "\\u0026").replaceAll("+", "\\u002b"),
  "JSON by .NET": 'pa\\u0022ss/w\\u00F6rd\\u002B\\\\n\\u0026~(1)',
  "HTML by Python": 'pa&quot;ss/wörd+\\n&amp;~(1)',
  "HTML by Go": 'pa&#34;ss/wörd&#43;\\n&amp;~(1)',
  "hex": Buffer.from(SECRET, "utf8").toString("hex"),
  "UTF-8 taken for Latin-1": Buffer.from(SECRET, "utf8").toString("latin1"),
  "in the path of a parsed URL": new URL(`http://h/${SECRET}`).pathname.slice(1),
  "in the query of a parsed URL": new URL(`http://h/?${SECRET}`).search.slice(1),
  "the password of a parsed URL": new URL(`http://u:${SECRET.replace(/[/\\]/g, encodeURIComponent)}@h`).password,
  "Node's inspect and Python's repr": inspect(SECRET).slice(1, -1),
  "URL-encoded by URLSearchParams": new URLSearchParams({ q: SECRET }).toString().slice(2),
};

describe("createRedactor", () => {
  test.each(Object.entries(FORMS))("replaces a secret that is %s", (_form, text) => {
    expect(redactorOf([SECRET, "JIRA_TOKEN"]).redact(`<${text}>`)).toBe("<[redacted JIRA_TOKEN]>");
  });

  test.each(["pw[1]{secret}x99", 'a|b"c|d"e', String.raw`ab\cd\ef\gh`, "ab^cd`ef gh", "first-half?second-half", "first#part/../x-second"])("replaces a secret that stands in a URL, %j, when that is parsed", (secret) => {
    for (const before of ["https://h/mcp/", "https://h/mcp?key=", "https://h/mcp#"]) {
      const { href, pathname } = new URL(`${before}${secret}/end`);
      const redactor = redactorOf([secret, "T"]);
      for (const text of [href, pathname]) expect(redactor.redact(text)).not.toMatch(/pw|secret|\bb\b|cd|half|second/);
    }
  });

  test.each(["abc%2Fdef%3dghi", "abcdef+ghi/jkl==", "50%off-abc%2Fdef", "l%C3%B6we-%F0%9F%A6%81-abc", "line-one-abc%0Aline-two-abc"])("replaces a secret that is written for a URL, %j, as whoever decodes it shows it", (secret) => {
    const redactor = redactorOf([secret, "T"]);
    const url = new URL(`http://h/mcp?key=${secret}&b=1`);
    const decoded = url.searchParams.get("key") ?? "";
    for (const text of [decoded, JSON.stringify(decoded), base64(decoded), url.searchParams.toString(), encodeURIComponent(decoded)]) expect(redactor.redact(text)).not.toMatch(/abc|def|ghi/);
  });

  test("what is nothing but escapes of blanks, or too short when they are decoded, makes no other text a secret", () => {
    expect(redactorOf(["%20%20%20%20%20%20%20%20", "T"]).redact("a         b")).toBe("a         b");
    expect(redactorOf(["%61%62%63%64", "T"]).redact("abcd")).toBe("abcd");
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

  test("a secret of several lines is found line by line, however they are broken", () => {
    const line = fc.string({ unit: fc.constantFrom(..."ABCDEFGHIJabcdefghij0123456789+/=".split("")), minLength: 12, maxLength: 64 });
    const breaks = fc.constantFrom("\n", "\r\n", "\r", String.raw`\n`);
    const printed = fc.constantFrom<(text: string) => string>((s) => s, (s) => s.replaceAll(/^/gm, "  "), (s) => JSON.stringify(s), (s) => encodeURIComponent(s), (s) => s.replaceAll(/\s/g, ""), (s) => s.replaceAll(/^/gm, "2026-11-25 key: "));
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 2, maxLength: 6 }), breaks, breaks, printed, (lines, kept, shown, print) => {
        const redactor = redactorOf([["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----"].join(kept), "KEY"]);
        const redacted = redactor.redact(print(lines.join(shown)));
        expect(redacted).toContain("[redacted KEY]");
        for (const each of lines) for (const form of [each, encodeURIComponent(each)]) expect(redacted).not.toContain(form);
        for (const each of lines) expect(redactor.redact(each)).toBe("[redacted KEY]");
      }),
    );
  });

  test.each([64, 76])("base64 that is broken at %d columns is found, line by line", (columns) => {
    const key = `-----BEGIN KEY-----\n${"0123456789abcdef+/ABCDEF".repeat(12)}\n-----END KEY-----\n`;
    const lines = base64(key).match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
    const redacted = redactorOf([key, "KEY"]).redact(lines.join("\n"));
    for (const each of lines.filter((text) => text.length >= 12)) expect(redacted).not.toContain(each);
  });

  test("what stands around a key is no secret, nor is a short line", () => {
    const redactor = redactorOf(["-----BEGIN PRIVATE KEY-----\n0123456789abcdef\nshort\n-----END PRIVATE KEY-----", "KEY"]);
    expect(redactor.redact("-----BEGIN PRIVATE KEY----- short")).toBe("-----BEGIN PRIVATE KEY----- short");
  });

  test("a secret of few characters in several lines is found in all its forms", () => {
    const redactor = redactorOf(["abcd\nefgh", "PIN"]);
    for (const form of ["abcd\nefgh", "abcd\r\nefgh", String.raw`abcd\nefgh`, "abcd%0Aefgh", base64("abcd\nefgh")]) expect(redactor.redact(`<${form}>`)).toBe("<[redacted PIN]>");
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

  test("of secrets that follow one another the newest are replaced, and what is registered again with them; other names do not push them out", () => {
    const redactor = redactorOf(["abcdefgh-lasting", "LASTING"], ["token-number-0", "LASTING"]);
    redactor.registerPassing("another-one-of-b", "B");
    redactor.registerPassing("client-secret-of-a", "A");
    for (let number = 0; number < 100; number++) {
      redactor.registerPassing(`token-number-${number}`, "A");
      expect(redactor.redact("client-secret-of-a")).toBe("[redacted A]");
      redactor.registerPassing("client-secret-of-a", "A");
    }
    const shown = Array.from({ length: 100 }, (_, number) => redactor.redact(`<token-number-${number}>`)).flatMap((text, number) => (text.includes("token") ? [number] : []));
    // The first is somebody else's too.
    expect(shown).toEqual(Array.from({ length: 68 }, (_, index) => index + 1));
    expect(redactor.redact("client-secret-of-a another-one-of-b abcdefgh-lasting")).toBe("[redacted A] [redacted B] [redacted LASTING]");
  });
});
