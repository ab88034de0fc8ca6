import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor, type Data } from "../base/index.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOwnCode, type OwnCodeCall } from "./own-code.ts";

const scope = new AsyncLocalStorage<OwnCodeCall>();
const SECRET = "sixteen-letters-of-a-secret";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-own-"));
  writeFileSync(join(folder, "text.mjs"), "");
  writeFileSync(join(folder, "text.ts"), `
export const echo = (...given: readonly unknown[]): unknown => given;
export const change = (given: { n: number }): unknown => { given.n += 1; return given; };
export const nothing = (): void => undefined;
export const late = async (): Promise<string> => "late";
export const strange = (what: string): unknown => ({ map: new Map(), date: new Date(0), hole: { a: undefined }, big: 1n, fn: () => 1, nan: NaN })[what];
export const fails = (): never => { throw new Error("it said ${SECRET}"); };
export const throwsNothing = (): never => { throw Object.create(null); };
export const tells = (): unknown => ({ token: "${SECRET}", list: ["a ${SECRET} b"] });
export const text = "no function";
export const large = async (count: number): Promise<unknown> => Array.from({ length: count }, (_, index) => index);
export const deep = async (levels: number): Promise<unknown> => Array.from({ length: levels }).reduce((inner) => [inner], 1);
export const then = async (): Promise<string> => "then";
`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function call(name: string, args: readonly Data[] = [], module = "text") {
  const redactor = createRedactor();
  redactor.register(SECRET, "TOKEN");
  return createOwnCode({ folder, redactor, scope, warn: () => undefined }).call({ step: "s", module, name, args });
}

test.each([
  ["echo", [1, "a", null, { b: [true] }], [1, "a", null, { b: [true] }]],
  ["nothing", [], null],
  ["late", [], "late"],
] as const)("%s gives data", async (name, args, value) => {
  expect(await call(name, args)).toEqual({ kind: "value", value, gone: false });
});

test("what it is given is its own", async () => {
  const given = { n: 1 };
  expect(await call("change", [given])).toEqual({ kind: "value", value: { n: 2 }, gone: false });
  expect(given).toEqual({ n: 1 });
});

test.each(["map", "date", "hole", "fn", "nan"])("%s is no data", async (what) => {
  expect(await call("strange", [what])).toMatchObject({ kind: "error", error: { code: "OWN_CODE_FAILED", message: expect.stringContaining("no data") as string } });
});

test.each([
  ["strange", ["big"], "text"], ["throwsNothing", [], "text"], ["text", [], "text"], ["none", [], "text"], ["toString", [], "text"], ["echo", [], "missing"],
] as const)("%s %j of %s is an error", async (name, args, module) => {
  expect(await call(name, args, module)).toMatchObject({ kind: "error", error: { code: "OWN_CODE_FAILED" }, gone: false });
});

test("what it gives is kept without secrets", async () => {
  const answer = await call("tells");
  expect(answer.kind).toBe("value");
  expect(JSON.stringify(answer)).not.toContain(SECRET);
});

test("what it throws is told without secrets", async () => {
  const answer = await call("fails");
  expect(answer).toMatchObject({ kind: "error", error: { code: "OWN_CODE_FAILED", message: expect.stringContaining("fails of own/text.ts: it said ") as string } });
  expect(JSON.stringify(answer)).not.toContain(SECRET);
});

test.each([["large", [3_000_000], "large of own/text.ts: The result of large is larger than 10 MiB."], ["deep", [300], "nests more than 256 levels"]] as const)("%s %j is more than a run can hold", async (name, args, message) => {
  expect(await call(name, args)).toEqual({ kind: "error", error: { code: "OWN_CODE_FAILED", message: expect.stringContaining(message) as string }, gone: false });
});

test("a module that is gone is told by its path alone", async () => {
  const answer = await call("echo", [], "missing");
  expect(answer).toMatchObject({ error: { message: expect.stringMatching(/^own\/missing\.ts cannot be loaded: \S.*missing\.ts'?\.?$/) as string } });
});

test("a module that exports then is called as any other", async () => {
  expect(await call("then")).toEqual({ kind: "value", value: "then", gone: false });
});
