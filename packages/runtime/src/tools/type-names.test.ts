import fc from "fast-check";
import { expect, test } from "vitest";
import { isFreeName, pascalName, serverIdentifiers, unused } from "./type-names.ts";

test.each([
  ["list_pull_requests", "ListPullRequests"],
  ["get-me", "GetMe"],
  ["createIssueV2", "CreateIssueV2"],
  ["API-get-user", "APIGetUser"],
  ["2fa/check", "T2faCheck"],
  ["日本 語", "日本語"],
  ["***", "T"],
  ["𓑠 héros", "Héros"],
  ["", "T"],
])("%s is called %s", (text, name) => {
  expect(pascalName(text)).toBe(name);
});

test("a name is always an identifier", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    expect(isFreeName(`${pascalName(text)}Args`)).toBe(true);
    expect(pascalName(text)).toMatch(/^[\p{ID_Start}][\p{ID_Continue}]*$/u);
  }));
});

test("servers keep names that are identifiers; others get one that is nobody else's", () => {
  expect([...serverIdentifiers(["my-server", "myServer", "my_server", "delete", "3scale", "Tool", "a.b", "a b"])]).toEqual([
    ["3scale", "_3scale"],
    ["Tool", "tool"],
    ["a b", "aB"],
    ["a.b", "aB2"],
    ["delete", "delete_"],
    ["my-server", "myServer2"],
    ["myServer", "myServer"],
    ["my_server", "my_server"],
  ]);
});

test("identifiers are free names, one for each server, whatever they are called", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom("__proto__", "class", "a-b", "aB", "a b"))), (names) => {
    const identifiers = [...serverIdentifiers(names).values()];
    expect(new Set(identifiers).size).toBe(names.length);
    expect(identifiers.every(isFreeName)).toBe(true);
  }));
});

test("a taken name gets the first free number", () => {
  expect(unused("A", new Set(["A", "A2"]))).toBe("A3");
});
