import { expect, test } from "vitest";
import { needsOf, type ReferringTexts } from "./needs-of.ts";

const look = (text: string, more: Partial<ReferringTexts> = {}) => needsOf({ texts: [{ text, place: "mcp.json, jira" }], inputs: {}, declared: [], isSecret: (name) => name.endsWith("TOKEN"), ...more });

test("variables are named once, with whether they are secrets and have to be set", () => {
  expect(look("${env:B_TOKEN} ${A:-x} ${env:A} ${B_TOKEN}").variables).toEqual([
    { name: "A", secret: false, fallback: null, place: "mcp.json, jira" },
    { name: "B_TOKEN", secret: true, fallback: null, place: "mcp.json, jira" },
  ]);
  expect(look("${A:-x}").variables).toMatchObject([{ fallback: "x" }]);
});

test("files, programs, machine secrets and inputs are followed to what they need", () => {
  const needs = look("${file:/run/x} ${exec:op read 'a b'} ${secret:KEY} ${input:jira} ${workspaceFolder}", { inputs: { jira: "${env:PLAIN}" }, declared: [{ id: "jira", password: true }] });
  expect(needs).toMatchObject({ files: [{ path: "/run/x" }], programs: [{ argv: ["op", "read", "a b"] }], secrets: [{ name: "KEY" }], variables: [{ name: "PLAIN", secret: true }] });
});

test("what is no reference is refused", () => {
  expect(() => look("${what:x}")).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }) as Error);
});
