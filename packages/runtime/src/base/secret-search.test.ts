import fc from "fast-check";
import { expect, test } from "vitest";
import { createSecretSearch } from "./secret-search.ts";

/** The same, looked for at each place. */
function found(forms: ReadonlyMap<string, string>, text: string, from: number): unknown {
  for (let start = from; start < text.length; start++) {
    const [form] = [...forms.keys()].filter((each) => text.startsWith(each, start)).toSorted((one, other) => other.length - one.length);
    if (form !== undefined) return { start, end: start + form.length, name: forms.get(form) };
  }
  return null;
}

test("finds the first that is there, of several at one place the longest", () => {
  // Few letters, so that forms begin alike, hold each other and come near to matching.
  const text = (minLength: number, maxLength: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom("a", "b", "é", "漢"), minLength, maxLength });
  fc.assert(
    fc.property(fc.uniqueArray(text(3, 7), { minLength: 1, maxLength: 12 }), text(0, 60), fc.nat(20), (list, where, from) => {
      const forms = new Map(list.map((form, index) => [form, `name-${index}`]));
      expect(createSecretSearch(forms).next(where, from)).toEqual(found(forms, where, from));
    }),
    { numRuns: 2_000 },
  );
});
