import type { SubsetCases } from "./case.ts";

/** The functions of the language and of `offstage`, and patterns. */
export const FUNCTIONS: SubsetCases = {
  "3.13": {
    "value.frozen": `const list: any = await world.list({}); return [list.length, list.concat([9]).length];`,
  },
  "4.5": {
    "regexp.test": `return [/a.c/.test("abc"), /a.c/.test("a\\nc"), /^$/.test("")];`,
  },
  "4.6": {
    "new Map": `return [[...new Map()], [...new Map([["a", 1], ["a", 2]])], [...new Map(new Map([["b", 1]]))], [...new Map(Object.entries({ c: 3 }))]];`,
    "new Set": `return [[...new Set()], [...new Set("abba")], [...new Set([1, "1"])], [...new Set(new Map([["a", 1]]).keys())]];`,
    "Map.groupBy": `return [...Map.groupBy([1, 2, 3], (n, index) => (n % 2 === 0 ? "even" : index))];`,
    "Array.from": `return [Array.from("a😀"), Array.from(new Set([1, 1])), Array.from(new Map([["a", 1]])), Array.from({ length: 2 }).length];`,
    "Array.isArray": `return [Array.isArray([]), Array.isArray("a"), Array.isArray({ length: 0 }), Array.isArray(new Set())];`,
    "Object.keys": `return [Object.keys({ b: 1, a: 2, 1: 3 }), Object.keys({})];`,
    "Object.values": `return Object.values({ b: 1, a: "x" });`,
    "Object.entries": `return Object.entries({ b: 1, a: null });`,
    "Object.fromEntries": `return [Object.fromEntries([["a", 1], ["b", 2], ["a", 3]]), Object.fromEntries(new Map([["k", "v"]])), Object.keys(Object.fromEntries([["__proto__", 1]]))];`,
    "JSON.parse": `let failed = ""; try { JSON.parse("{"); } catch (error) { failed = (error as any).code; } return [JSON.parse('{"a":[1,null,"\\\\u00e9"],"b":1.50e2}'), JSON.parse(" 1 "), failed];`,
    "JSON.stringify": `const big = 1e15 * 1e6; return [JSON.stringify({ b: 1, a: [undefined, null], c: undefined }), JSON.stringify("\\u2028\\n\\"é"), JSON.stringify([1.0, -0, big, 1e-7]), JSON.stringify({ a: [1] }, null, 2), JSON.stringify([1], null, 0.5), JSON.stringify(null), JSON.stringify([0 / 0])];`,
    "Math.min": `return [Math.min(2, 1), String(Math.min()), Math.min(...[3, 2])];`,
    "Math.max": `return [Math.max(2, 1), String(Math.max()), String(Math.max(1, 0 / 0))];`,
    "Math.floor": `return [Math.floor(1.9), Math.floor(-1.1), String(Math.floor(0 / 0))];`,
    "Math.ceil": `return [Math.ceil(1.1), String(1 / Math.ceil(-0.5))];`,
    "Math.round": `return [Math.round(2.5), Math.round(-2.5), Math.round(0.49999999999999994)];`,
    "Math.abs": `return [Math.abs(-2), Math.abs(2)];`,
    String: `const big = 1e15 * 1e6; return [String(1), String(-0), String(big), String(true), String("a"), String(0.1 + 0.2), String(1e-7)];`,
    Number: `return [Number("12.5"), Number(" 0x10 "), Number(""), String(Number("1a")), Number(true), Number(null), Number("1e3"), String(Number("Infinity"))];`,
    encodeURIComponent: `let failed = ""; try { encodeURIComponent("😀".slice(0, 1)); } catch (error) { failed = (error as any).code; } return [encodeURIComponent("a b&c/é😀!'()*"), failed];`,
  },
  "4.8": {
    "regex.flags": `return ["A".replace(/a/i, "x"), "a\\nb".match(/^b$/m)?.[0], /a.b/s.test("a\\nb"), "aa".replace(/a/g, "b"), "aB\\nb".match(/^b/gim)];`,
    "regex.classes": `return ["a_1-é \\u00a0\\u2028x".replace(/\\w/g, "w"), "a \\u00a0\\u2028\\ufeffb".replace(/\\s/g, "s"), "a1٣".replace(/\\d/g, "d"), "a-b".replace(/[^a-c]/g, "n"), "ab\\n".replace(/[\\s\\S]$/, "e")];`,
    "regex.dot": `return ["\\n\\r\\u2028\\u2029\\u0085x".replace(/./g, "."), "😀".replace(/./g, "."), "😀".match(/^..$/)?.[0].length];`,
    "regex.groups": `const found = "2026-11-22".match(/(?<year>\\d{4})-(?<month>\\d\\d)(?:-(?<day>\\d\\d))?/); return [found?.groups?.year, found?.groups?.day, "ab".match(/(a)|(b)/g), "b".match(/(a)|(b)/)?.[1] ?? "none", "b".match(/(?<x>a)?b/)?.groups?.x ?? "unset"];`,
    "regex.repeats": `return ["aaa".match(/a{2}/)?.[0], "aaa".match(/a+?/)?.[0], "aaab".match(/a*b/)?.[0], "ab".match(/a??b/)?.[0], "abab".replace(/(?:ab)+/, "x"), "a{1}".match(/a\\{1\\}/)?.[0]];`,
    "regex.boundaries": `return ["a bc".replace(/\\b/g, "|"), "a_b c".split(/\\b/), "é a".replace(/\\B/g, "-")];`,
    "regex.ignore-case": `return ["ſK".replace(/[a-z]/gi, "x"), "ÀÉ".replace(/à/i, "x"), "ß".replace(/SS/i, "x"), "Σς".replace(/σ/gi, "x")];`,
    "regex.escapes": `return ["a.b*c".replace(/\\./, "-").replace(/\\*/, "+"), "\\t\\u0041".match(/\\t\\u0041/)?.[0], "/".match(/\\//)?.[0], "]".match(/[\\]]/)?.[0], "-".match(/[a\\-z]/)?.[0]];`,
    "regex.empty-matches": `return ["ab".replace(/x*/g, "-"), "ab".split(/x*/), [..."ab".matchAll(/b*/g)].map((match) => match.index)];`,
  },
  "4.9": {
    "value.numbers": `return [0.1 * 3, 5e-324, 1.5e-320 * 2, 9007199254740991, -0 === 0, String(-0), JSON.stringify(-0), 1e15 * 1e15];`,
    "value.surrogates": `const half = "😀".slice(0, 1); return [half.length, (half + "😀".slice(1)) === "😀", ["a😀"].join().split("").length];`,
  },
  "15.1": {
    iso: { body: `return [iso(0), iso(time("2026-02-28T23:59:59.5+01:00"))];`, gives: ["1970-01-01T00:00:00.000Z", "2026-02-28T22:59:59.500Z"] },
    time: { body: `let failed = ""; try { time("2026-02-31"); } catch (error) { failed = (error as any).code; } return [time("2026-11-22"), time("2026-11-22T21:23:00Z"), time("2026-11-22T21:23:00.25+0530"), failed];`, gives: [1_795_305_600_000, 1_795_382_580_000, 1_795_362_780_250, "TYPE_ERROR"] },
    duration: { body: `return [duration("90s"), duration("10m"), duration("1h"), duration("7d")];`, gives: [90_000, 600_000, 3_600_000, 604_800_000] },
  },
  "15.2": {
    capture: { body: `let failed = ""; try { capture("abc", /z(.)/); } catch (error) { failed = (error as any).message; } return [capture("a1b", /[a-z](\\d)/), capture("a1b", /\\d/), capture("ab", /a(z)?b/), failed];`, gives: ["1", "1", "", "capture: /z(.)/ finds nothing in \"abc\"."] },
    captures: { body: `let failed = ""; try { captures("a=1", /(?<k>\\w)=/g, { count: 2 }); } catch (error) { failed = (error as any).code; } return [captures("a=1,b=2", /(?<k>\\w)=(?<v>\\d)/g), failed];`, gives: [[{ k: "a", v: "1" }, { k: "b", v: "2" }], "CAPTURE_NOT_FOUND"] },
  },
  "15.3": {
    lines: { body: `return [lines("a\\nb\\r\\nc\\rd\\n"), lines(""), lines("\\n")];`, gives: [["a", "b", "c", "d"], [], [""]] },
    parseCsv: { body: `return [parseCsv('name,size\\n"a ""x"", b",1\\nc'), parseCsv("a;b\\n1;2", { separator: ";" })];`, gives: [[{ name: "a \"x\", b", size: "1" }, { name: "c" }], [{ a: "1", b: "2" }]] },
    chunk: { body: `return [chunk([1, 2, 3], 2), chunk([], 2)];`, gives: [[[1, 2], [3]], []] },
    range: { body: `return [range(3), range(0)];`, gives: [[0, 1, 2], []] },
    groupBy: { body: `return [...groupBy(["ab", "c", "ad"], (text) => text.slice(0, 1))];`, gives: [["a", ["ab", "ad"]], ["c", ["c"]]] },
    hash: { body: `return [hash({ b: 1, a: [true, null, "é"] }) === hash({ a: [true, null, "é"], b: 1 }), hash("a"), hash(1.5)];`, gives: [true, "ac8d8342bbb2362d13f0a559a3621bb407011368895164b628a54f7fc33fc43c", "9f29a130438b81170b92a42650f9a94291ecad60bd47af2a3886e75f7f728725"] },
  },
  "15.4": {
    "quote.jql": { body: `return quote.jql('a "b" \\\\ \\n');`, gives: "\"a \\\"b\\\" \\\\ \\n\"" },
    "quote.markdown": { body: `return quote.markdown("*a* [b](c)\\n# d");`, gives: "\\*a\\* \\[b\\]\\(c\\) \\# d" },
    "quote.slack": { body: `return quote.slack("<a> & b");`, gives: "&lt;a&gt; &amp; b" },
    "quote.html": { body: `return quote.html("<a href='x'>\\"&</a>");`, gives: "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&lt;/a&gt;" },
    "quote.url": { body: `return quote.url("a b/(c)*'!é");`, gives: "a%20b%2F%28c%29%2A%27%21%C3%A9" },
    "quote.graphql": { body: `return quote.graphql('a "b"\\t');`, gives: "\"a \\\"b\\\"\\t\"" },
    "quote.sql": { body: `return quote.sql("it's");`, gives: "'it''s'" },
  },
  "15.5": {
    fail: { body: `try { if (inputs.any === "") fail("said"); return "never"; } catch (error) { return (error as any).message; }`, gives: "said" },
  },
};
