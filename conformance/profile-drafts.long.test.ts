import fc from "fast-check";
import type { RawTool } from "offstage/tools";
import { expect, test } from "vitest";
import { compiledDraft } from "./drafted-profile.ts";

test("the draft of a hostile server checks: nothing that it says leaves the comment or the literal that it stands in", () => {
  const text = fc.oneof(fc.constantFrom("*/", "// x", "`${x}`", '"', "\n", "\u2028", "list", "get_all", "toString", "__proto__", "page", "action", "*"), fc.string({ unit: "binary", maxLength: 8 }));
  const words = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
  const tool = fc.record({ name: words, description: words, annotations: fc.record({ readOnlyHint: fc.boolean(), idempotentHint: fc.boolean() }), inputSchema: fc.record({ type: fc.constant("object"), properties: fc.dictionary(fc.oneof(fc.constantFrom("action", "cursor", "page", "limit"), words), fc.record({ enum: fc.array(words, { minLength: 1, maxLength: 4 }) }), { maxKeys: 4 }) }) });
  fc.assert(fc.property(words, fc.uniqueArray(tool, { maxLength: 4, selector: ({ name }) => name }), (source, tools) => {
    const { diagnostics } = compiledDraft("odd", source, new Map(tools.map((one) => [one.name, one as unknown as RawTool])));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  }), { numRuns: 100 });
});
