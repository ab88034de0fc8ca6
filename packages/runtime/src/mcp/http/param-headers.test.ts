import { expect, test } from "vitest";
import type { Data } from "../../base/index.ts";
import { headerParams, paramHeaders } from "./param-headers.ts";

const schema = (properties: { readonly [name: string]: Data }, more: { readonly [name: string]: Data } = {}): Data => ({ type: "object", properties, ...more });
const marked = (name: Data, type: Data = "string"): Data => ({ type, "x-mcp-header": name });

test("marks of properties are found at any depth; values go as they are, or as base64 where a header could not hold them", () => {
  const found = headerParams(schema({ region: marked("Region"), inner: schema({ count: marked("Count", "integer"), on: marked("On", "boolean") }), plain: { type: "string" } }));
  expect(found).toEqual({ ok: true, params: [{ path: ["region"], name: "Region" }, { path: ["inner", "count"], name: "Count" }, { path: ["inner", "on"], name: "On" }] });
  const params = found.ok ? found.params : [];
  expect(paramHeaders(params, { region: "eu west", inner: { count: 0, on: false } })).toEqual({ "Mcp-Param-Region": "eu west", "Mcp-Param-Count": "0", "Mcp-Param-On": "false" });
  expect(paramHeaders(params, { region: null, inner: {} })).toEqual({});
  const encoded = (text: string): string | undefined => paramHeaders(params, { region: text })["Mcp-Param-Region"];
  for (const text of ["", " a", "ü", "a\r\nX-Evil: 1", "=?base64?YQ==?="]) expect(encoded(text)).toBe(`=?base64?${Buffer.from(text).toString("base64")}?=`);
});

test.each<[string, Data]>([
  ["an empty name", schema({ a: marked("") })],
  ["a name that is no token", schema({ a: marked("a b") })],
  ["a name with a line break", schema({ a: marked("a\r\nb") })],
  ["a name that is no text", schema({ a: marked(1) })],
  ["an object", schema({ a: marked("A", "object") })],
  ["a number that may have a fraction", schema({ a: marked("A", "number") })],
  ["two of one name", schema({ a: marked("A"), b: marked("a") })],
  ["an item of a list", schema({ a: { type: "array", items: marked("A") } })],
  ["one branch of several", schema({}, { oneOf: [schema({ a: marked("A") })] })],
  ["the schema itself", { type: "object", "x-mcp-header": "A" }],
])("a tool is not used whose mark is on %s", (_what, inputSchema) => {
  expect(headerParams(inputSchema)).toMatchObject({ ok: false });
});

test("a property may be called as the mark is", () => {
  expect(headerParams(schema({ "x-mcp-header": { type: "string" } }))).toEqual({ ok: true, params: [] });
});
