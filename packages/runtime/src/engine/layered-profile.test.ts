import { expect, test } from "vitest";
import { layerProfile } from "../program/index.ts";
import { profileProgramOf } from "../testing/compile-source.ts";
import { compileProfile } from "./index.ts";

const module = (top: string, rules: string, options = "") => profileProgramOf(`import { profile } from "offstage";\n${top}\nexport default profile<any>("@acme/tracker@1", ${rules}${options});`);

const shipped = module(`const one = "shipped one"; const two = "shipped two";`, `{
  get: [{ effect: "read", result: (r) => ({ said: two, kind: "global", index: 0 }) }],
  make: [{ effect: "write", undo: "none", result: () => one }],
  "*": { rate: { perSecond: 5, concurrent: 2 }, sensitive: ["a"], gone: (r) => r.text === two, names: { A: "Shipped", B: "Shipped" } },
}`);
const reply = (text: string) => ({ text, data: null, isError: true });

test("a tool that the project names has its rules alone, others those that ship; what fills all is both, the project's word first", () => {
  const own = module(`const mine = "own"; const two = "own two"; const three = "own three";`, `{ make: [{ effect: "write", result: () => [mine, two, three] }], "*": { rate: { perSecond: 40 }, names: { A: "Own" } } }`);
  const layered = layerProfile(own, shipped);
  const { rule } = compileProfile(layered);
  expect(rule("make", {})).toMatchObject({ effect: "write", undo: null, rate: { perSecond: 40 }, sensitive: ["a"] });
  expect(rule("make", {}).result?.(reply(""))).toEqual(["own", "own two", "own three"]);
  // Each function sees the constants of its own file; an object that only looks like a part of a program is data.
  expect(rule("get", {}).result?.(reply(""))).toEqual({ said: "shipped two", kind: "global", index: 0 });
  expect([rule("other", {}).gone?.(reply("shipped two")), rule("other", {}).gone?.(reply("own two"))]).toEqual([true, false]);
  expect(layered.names).toEqual({ A: "Own", B: "Shipped" });
});

test("a tool that is named without rules is one of which nobody says anything", () => {
  expect(compileProfile(layerProfile(module("", "{ get: [] }"), shipped)).rule("get", {})).toMatchObject({ effect: null, rate: { perSecond: 5 } });
});

test("conditions in the rule for all take the place of what ships for all", () => {
  const own = module("", `{ "*": [{ when: (a: any) => a.dry === true, effect: "read" }] }`);
  const { rule } = compileProfile(layerProfile(own, shipped));
  expect([rule("other", { dry: true }).effect, rule("other", {}).effect, rule("other", {}).rate]).toEqual(["read", null, {}]);
});

test("hosts are the project's where it names any or says that there are none, else those that ship", () => {
  const hosts = (...said: readonly string[]) => said.map((options) => module("", "{}", options)).reduce((own, base) => layerProfile(own, base)).hosts;
  expect(hosts(`, { hosts: ["a.example"] }`, `, { hosts: ["b.example"] }`)).toEqual(["a.example"]);
  expect(hosts(`, { hosts: [] }`, `, { hosts: ["b.example"] }`)).toEqual([]);
  expect(hosts("", `, { hosts: ["b.example"] }`)).toEqual(["b.example"]);
  expect(hosts("", "")).toBeUndefined();
});

test("each function finds the names and the types of its own file", () => {
  const layered = layerProfile(module(`const mine = "own";`, `{ make: [{ effect: "write", result: (reply) => mine }] }`), shipped);
  const [get, gone] = [layered.rules["get"]?.[0]?.result?.at, layered.rules["*"]?.[0]?.gone?.at];
  expect([get, gone].map((at) => layered.debug.names[String(at)])).toEqual([["r"], ["r"]]);
  expect(layered.debug.names[String(layered.rules["make"]?.[0]?.result?.at)]).toEqual(["reply"]);
  expect(layered.debug.source.slice(get).startsWith("(r) => ({ said: two")).toBe(true);
  expect(layered.debug.types?.functions[String(gone)]?.result).toEqual({ kind: "boolean" });
});
