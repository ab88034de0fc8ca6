import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { commented, type Yaml, yamlDocuments, yamlText } from "./yaml-text.ts";

test("what is printed is read as the same data, by YAML 1.1 and 1.2", () => {
  // `on`, as workflows of GitHub's begin, is the one name that YAML 1.1 reads otherwise.
  const values = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"on":'));
  fc.assert(fc.property(values, (value) => {
    const text = yamlText(value as Yaml);
    for (const version of ["1.1", "1.2"] as const) expect(parse(text, { version, maxAliasCount: 0 })).toEqual(JSON.parse(JSON.stringify(value)));
  }), { numRuns: 500 });
});

test("texts that some reader would take for something else stay texts", () => {
  const texts = ["no", "on", "12", "1e3", "0x1f", "1:20", "2026-01-01", "~", "null", ".inf", "- a", "a: b", "a #b", "#a", "a:", "", " a", "a ", "*/10 * * * *", "@x", "%x", "&a", "!b", "a\nb", "a\n\nb\n", "a\n\n", " a\nb", "=", "<<", "\u2028", "\u007f", "\ufeff", "\t", "a\tb\nc"];
  for (const version of ["1.1", "1.2"] as const) expect(parse(yamlText(texts), { version })).toEqual(texts);
});

test("comments stand above what they are about, and change nothing", () => {
  const value = { kind: "Deployment", spec: commented({ replicas: commented(1, "One."), list: [commented({ name: commented("a", "first"), port: 1 }, "an item"), commented("b", "two\nlines")] }, "long ".repeat(30).trim()) };
  const text = yamlText(commented(value, "All of it"));
  expect(text).toMatchInlineSnapshot(`
    "# All of it
    kind: Deployment
    # long long long long long long long long long long long long long long long long long long long long long long
    # long long long long long long long long
    spec:
      # One.
      replicas: 1
      list:
        # an item
        # first
        - name: a
          port: 1
        # two
        # lines
        - b
    "
  `);
  expect(parse(text)).toEqual({ kind: "Deployment", spec: { replicas: 1, list: [{ name: "a", port: 1 }, "b"] } });
});

test("members that are undefined are left out, and documents are parted", () => {
  expect(parseAllDocuments(yamlDocuments([{ a: 1, b: undefined }, { c: [] , d: {} }])).map((document) => document.toJS() as unknown)).toEqual([{ a: 1 }, { c: [], d: {} }]);
});
