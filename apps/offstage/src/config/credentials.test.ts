import fc from "fast-check";
import { expect, test } from "vitest";
import { maskCredentials } from "./credentials.ts";

test.each([
  ["postgres://ada:correct-horse@db.example/app", "postgres://ada@db.example/app", ["correct-horse"]],
  ["postgres://ana@acme.example:correct@horse@db.example/app", "postgres://ana@acme.example@db.example/app", ["correct@horse"]],
  ["postgres://ana:cor/rect#horse@db.example/app?user=x@y", "postgres://ana@db.example/app", ["cor/rect#horse"]],
  ["postgres://ana:correct%2Fhorse@db.example", "postgres://ana@db.example", ["correct%2Fhorse", "correct/horse"]],
  ["--dbs=postgres://a:first-horse@h1,postgres://b:second-horse@h2 x", "--dbs=postgres://a@h1,postgres://b@h2 x", ["first-horse", "second-horse"]],
  ["https://host.example:8080/npm/@scope/pkg", "https://host.example:8080/npm/@scope/pkg", []],
  ["https://ada@host.example/x", "https://ada@host.example/x", []],
  ["https://ghp_0123456789abcdef0123@github.com/x", "https://***@github.com/x", ["ghp_0123456789abcdef0123"]],
  ["https://h.example/mcp?api_key=correct-horse&x=1#y", "https://h.example/mcp", ["correct-horse"]],
  ["https://[::1]:8080/@x", "https://[::1]:8080/@x", []],
  ['{"Authorization":"Bearer correct-horse","Accept":"x"}', '{"Authorization":"***","Accept":"x"}', ["Bearer correct-horse", "correct-horse"]],
  ["Server=h.example;User Id=ana;Password=cor:rect=horse;Database=d", "Server=h.example;User Id=ana;Password=***;Database=d", ["cor:rect=horse"]],
  ["Server=h;Pwd='correct;horse'", "Server=h;Pwd=***", ["correct;horse"]],
  ["Endpoint=sb://h.example/;SharedAccessKeyName=Root;SharedAccessKey=abc+/0123=", "Endpoint=sb://h.example/;SharedAccessKeyName=Root;SharedAccessKey=***", ["abc+/0123="]],
  ["X-Api-Key: correct-horse", "X-Api-Key: ***", ["correct-horse"]],
  ["Authorization: Bearer correct-horse", "Authorization: ***", ["Bearer correct-horse", "correct-horse"]],
  ["a Bearer correct-horse", "a Bearer ***", ["Bearer correct-horse", "correct-horse"]],
  [`Basic ${btoa("ana:correct-horse")}`, "Basic ***", ["Basic YW5hOmNvcnJlY3QtaG9yc2U=", "YW5hOmNvcnJlY3QtaG9yc2U=", "correct-horse"]],
  ["ana:cor@rect-horse@tcp(h:3306)/db", "ana@tcp(h:3306)/db", ["cor@rect-horse"]],
  ['{"url":"postgres://ana:correct-horse@h/d","token":"abc"}', '{"url":"postgres://ana@h/d","token":"***"}', ["correct-horse", "abc"]],
  ["PROD", "PROD", []],
])("%s is shown as %s", (text, shown, credentials) => {
  expect(maskCredentials(text)).toMatchObject({ shown, credentials });
});

test("whatever the password is, it is not shown, and the host is", () => {
  const password = fc.string({ unit: fc.constantFrom(..."pwPW019:/#?@%&=;+,!~".split("")), minLength: 8, maxLength: 30 }).filter((text) => !/[:/?#]{2}|^\d*[/?#]|\?[\w.%-]*=|@[^@]*$/.test(text) && /[a-z]/i.test(text));
  fc.assert(
    fc.property(password, fc.constantFrom("db.example", "10.0.0.1:5432", "[::1]:5432"), (secret, host) => {
      const { shown, credentials } = maskCredentials(`postgres://ana:${secret}@${host}/app?x=1`);
      expect(shown).toBe(`postgres://ana@${host}/app`);
      expect(credentials).toContain(secret);
    }),
  );
});

test("a text of 64 KB is looked through in no time that counts", () => {
  for (const text of ["a".repeat(65_536), "a ".repeat(32_768), '"a'.repeat(32_768), "a://".repeat(16_384), "a=".repeat(32_768), "a:b@".repeat(16_384)]) expect(maskCredentials(text).shown.length).toBeGreaterThan(0);
});
