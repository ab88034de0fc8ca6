import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor } from "offstage/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTokenKey, type TokenKeyPlaces } from "./token-key.ts";
import { tokenSeal } from "./token-seal.ts";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "offstage-key-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function places(env: Readonly<Record<string, string>> = { HOME: home }, key: string | null = null): TokenKeyPlaces {
  return { settings: { tokens: { folder: join(home, "tokens"), key } }, sources: { env, folder: home, isSecret: () => true, inputs: { declared: new Map(), values: {} }, run: null }, redactor: createRedactor() };
}

const file = (): string => join(home, ".config/offstage/key");
const sealed = (from: TokenKeyPlaces): string => tokenSeal(from).seal("text", "one");
const opens = (from: TokenKeyPlaces, text: string): string => tokenSeal(from).open(text, "one", "here");

test("what the settings name goes before the variable, and that before the file; each is kept out of texts", () => {
  const variable = "the variable's key, of thirty-two characters";
  const named = "the named key, of thirty-two characters!";
  makeTokenKey(places());
  const env = { HOME: home, OFFSTAGE_KEY: variable, NAMED: named };
  const withName = places(env, "${env:NAMED}");
  expect(opens(places({ OFFSTAGE_KEY: named }), sealed(withName))).toBe("text");
  expect(withName.redactor.redact(named)).toContain("[redacted");
  expect(opens(places({ OFFSTAGE_KEY: variable }), sealed(places(env)))).toBe("text");
  expect(() => opens(places(env), sealed(places()))).toThrow(/another key/);
});

test("a key file is made once, for this user only, and never replaced", () => {
  makeTokenKey(places());
  const made = readFileSync(file(), "utf8");
  expect(made.trim()).toHaveLength(44);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  makeTokenKey(places());
  expect(readFileSync(file(), "utf8")).toBe(made);
  makeTokenKey(places({ HOME: "/nowhere", XDG_CONFIG_HOME: join(home, "xdg") }));
  expect(existsSync(join(home, "xdg/offstage/key"))).toBe(true);
});

test("what a killed process of the same number left does not keep it from being made", () => {
  mkdirSync(join(home, ".config/offstage"), { recursive: true });
  writeFileSync(`${file()}.${process.pid}.new`, "half");
  makeTokenKey(places());
  expect(readFileSync(file(), "utf8").trim()).toHaveLength(44);
});

test("none is made where another is named", () => {
  makeTokenKey(places({ HOME: home, OFFSTAGE_KEY: "x" }));
  makeTokenKey(places({ HOME: home }, "${env:ELSEWHERE}"));
  expect(existsSync(file())).toBe(false);
});

test("a key file that others can read is not used", () => {
  makeTokenKey(places());
  chmodSync(file(), 0o640);
  expect(() => tokenSeal(places())).toThrow(expect.objectContaining({ code: "TOKENS_UNREADABLE", hint: expect.stringContaining("chmod 600") as string }) as Error);
});

test("a missing key is told, and no new one hides that tokens are kept which it does not open", () => {
  expect(() => tokenSeal(places())).toThrow(expect.objectContaining({ code: "TOKENS_UNREADABLE" }) as Error);
  mkdirSync(join(home, "tokens"));
  writeFileSync(join(home, "tokens/one.sealed"), "");
  expect(() => makeTokenKey(places())).toThrow(expect.objectContaining({ code: "TOKENS_UNREADABLE", message: expect.stringContaining("missing") as string }) as Error);
  expect(existsSync(file())).toBe(false);
});

test("a short key is refused, and so is a machine without a place for one", () => {
  expect(() => tokenSeal(places({ OFFSTAGE_KEY: "short" }))).toThrow(expect.objectContaining({ code: "SECRET_TOO_SHORT" }) as Error);
  expect(() => makeTokenKey(places({}))).toThrow(expect.objectContaining({ code: "TOKENS_UNREADABLE", hint: expect.stringContaining("OFFSTAGE_KEY") as string }) as Error);
});
