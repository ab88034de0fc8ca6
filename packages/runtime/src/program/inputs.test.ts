import { describe, expect, it } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { hasInputSchemas, inputNames, inputsOver, type InputSpec } from "./inputs.ts";
import type { Program } from "./program.ts";

const SPEC: InputSpec = { name: "w", inputs: { owner: "acme", count: 3, tags: ["a"], label: null }, inputSchemas: { label: { type: ["string", "null"] }, key: { type: "string" } } };
const fits = (): readonly string[] => [];

describe("the inputs of a run", () => {
  it("are what is given, over the defaults", () => {
    expect(inputsOver(SPEC, { key: "a", count: 4 }, fits)).toEqual({ owner: "acme", count: 4, tags: ["a"], label: null, key: "a" });
    expect(inputNames(SPEC)).toEqual(["owner", "count", "tags", "label", "key"]);
  });

  it.each([
    [{ key: "a", colour: "red" }, "w has no input colour.", "It has: owner, count, tags, label, key."],
    [{}, "w needs the input key.", 'It may be: {"type":"string"}.'],
    [{ key: "a", count: "many" }, 'The input count of w is a number, not a text: "many".', "Its default is 3."],
    [{ key: "a", tags: { a: 1 } }, 'The input tags of w is a list, not an object: {"a":1}.', 'Its default is ["a"].'],
    [{ key: "a", owner: null }, "The input owner of w is a text, not null: null.", 'Its default is "acme".'],
    [{ key: "a", toString: 1 }, "w has no input toString.", "It has: owner, count, tags, label, key."],
  ])("%j is refused, with what was given and what may be", (given, message, hint) => {
    expect(() => inputsOver(SPEC, given as never, fits)).toThrow(expect.objectContaining({ code: "INPUT_INVALID", message, hint }) as Error);
  });

  it("are asked of their schema, and a message is of bounded length", () => {
    const asked: unknown[] = [];
    const conforms = (schema: unknown, value: unknown): readonly string[] => (asked.push([schema, value]), value === "no" ? ["it must be yes"] : []);
    inputsOver(SPEC, { key: "yes" }, conforms);
    expect(asked).toEqual([[{ type: "string" }, "yes"]]);
    expect(() => inputsOver(SPEC, { key: "no" }, conforms)).toThrow(expect.objectContaining({ message: 'The input key of w cannot be "no": it must be yes.', hint: 'It may be: {"type":"string"}.' }) as Error);
    expect(() => inputsOver(SPEC, { key: "a", count: "x".repeat(10_000) }, fits)).toThrow(/^.{200,300}$/);
  });

  it("of which parts are not known yet are not looked at, and a long integer is a number", () => {
    expect(inputsOver(SPEC, { key: null, tags: null }, () => ["no"], new Set(["key", "tags"]))).toMatchObject({ key: null });
    expect(inputsOver(SPEC, { key: "a", count: new UnsafeInteger("9007199254740993") }, fits)).toBeTruthy();
  });
});

it("a program has schemas when one that it calls has", () => {
  const program = (more: Partial<Program>): Program => ({ name: "p", ...more }) as Program;
  expect(hasInputSchemas(program({}))).toBe(false);
  expect(hasInputSchemas(program({ inputSchemas: {} }))).toBe(true);
  expect(hasInputSchemas(program({ calls: [program({ name: "a", calls: [program({ name: "b", inputSchemas: {} })] })] }))).toBe(true);
});
