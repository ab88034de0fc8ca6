import fc from "fast-check";
import { expect, test } from "vitest";
import { clientNames, moduleNames } from "./client-names.ts";

const used = (...tools: readonly string[]) => new Map(tools.map((tool) => [tool, null]));

test("what Python can have stays as it is, whatever else would be called so", () => {
  const names = clientNames(new Map([["my-box", used("delete-item", "delete_item", "delete.item", "class", "class_", "SERVER", "get-sum")], ["my_box", used()], ["MyBox", used()], ["mybox", used()]]));
  expect(["delete-item", "delete_item", "delete.item", "class", "class_", "SERVER", "get-sum"].map((tool) => names.tool("my-box", tool))).toEqual(["delete_item_2", "delete_item", "delete_item_3", "class_2", "class_", "SERVER_2", "get_sum"]);
  expect(["my-box", "my_box", "MyBox", "mybox"].map((server) => names.module(server))).toEqual(["my_box_2", "my_box", "MyBox", "mybox_2"]);
});

test("no two tools of a server have one name, and no two modules on any disk", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "A", "_", "-", ".", "2"), minLength: 1, maxLength: 4 });
  fc.assert(fc.property(fc.uniqueArray(word, { maxLength: 12 }), (words) => {
    const names = clientNames(new Map([["s", used(...words)]]));
    expect(new Set(words.map((tool) => names.tool("s", tool))).size).toBe(words.length);
    expect(new Set([...moduleNames(words).values()].map((name) => name.toLowerCase())).size).toBe(words.length);
  }), { numRuns: 300 });
});
