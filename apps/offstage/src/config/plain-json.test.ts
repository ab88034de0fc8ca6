import fc from "fast-check";
import { expect, test } from "vitest";
import { plainJson } from "./plain-json.ts";

test("whatever JSON there is stays as it is", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    expect(plainJson(json)).toBe(json);
  }));
});

test("comments and commas between any two tokens are blanks of the same length", () => {
  const odd = fc.constantFrom(" ", "// a \"b\" ,}\n", "/* // ] \n */", "/**/");
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.array(fc.string())), odd, odd, (data, one, other) => {
      const text = `${one}{${Object.entries(data).map(([key, items]) => `${other}${JSON.stringify(key)}${one}:[${items.map((item) => `${one}${JSON.stringify(item)}`).join(",")}${items.length > 0 ? `,${other}` : ""}]`).join(`${other},`)}${Object.keys(data).length > 0 ? "," : ""}${other}}${one}`;
      expect(plainJson(text)).toHaveLength(text.length);
      expect({ ...(JSON.parse(plainJson(text)) as object) }).toEqual({ ...data });
    }),
  );
});

test("a text of 128 KB is read in no time that counts, whatever is left open in it", () => {
  for (const part of ["/*", '"', "//", ", ", '"\\', '"\\\n', "/", ",\n"]) expect(plainJson(part.repeat(131_072 / part.length))).toHaveLength(131_072 - (131_072 % part.length));
});
