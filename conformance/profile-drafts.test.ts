import fc from "fast-check";
import { createCompiler } from "offstage/language";
import { catalogueOf, draftProfile, EMPTY_LOCK, generateServerTypes, lockServer, NOTHING_LEARNT, type RawTool, serverIdentifiers, withServer } from "offstage/tools";
import { expect, test } from "vitest";
import { realLists } from "./catalogues.ts";

const compiler = createCompiler();

function compiled(server: string, source: string, tools: ReadonlyMap<string, RawTool>) {
  const { catalogue } = catalogueOf({ server, era: "legacy", protocolVersion: "2025-11-25", serverInfo: {}, tools: [...tools.values()] });
  const lock = withServer(EMPTY_LOCK, server, lockServer(catalogue, source, () => [{ rule: null, effect: "write", from: "default" }]));
  const text = draftProfile({ identifier: serverIdentifiers([server]).get(server) ?? "", source, tools: catalogue.tools, learnt: () => undefined });
  const { profile, diagnostics } = compiler.compileProfile({ server, file: `profiles/${server}.ts`, source: text, serverTypes: generateServerTypes({ lock, learnt: NOTHING_LEARNT, profiles: [] }) });
  return { text, rules: profile?.rules ?? {}, diagnostics };
}

test("the draft of each real server checks, has a rule for every tool, and reads nothing that its server does not call read-only", () => {
  for (const { catalogue, package: from } of realLists()) {
    const { rules, diagnostics } = compiled(catalogue.server, from, catalogue.tools);
    expect(diagnostics).toEqual([]);
    expect(Object.keys(rules).toSorted()).toEqual([...catalogue.tools.keys()].toSorted());
    const reading = Object.entries(rules).filter(([, ofTool]) => ofTool.some(({ effect }) => effect === "read")).map(([name]) => name);
    expect(reading.filter((name) => (catalogue.tools.get(name)?.["annotations"] as { readonly readOnlyHint?: unknown } | undefined)?.readOnlyHint !== true)).toEqual([]);
  }
});

test("so does that of a hostile one: nothing that it says leaves the comment or the literal that it stands in", () => {
  const text = fc.oneof(fc.constantFrom("*/", "// x", "`${x}`", '"', "\n", "\u2028", "list", "get_all", "toString", "__proto__", "page", "action", "*"), fc.string({ unit: "binary", maxLength: 8 }));
  const words = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
  const tool = fc.record({ name: words, description: words, annotations: fc.record({ readOnlyHint: fc.boolean(), idempotentHint: fc.boolean() }), inputSchema: fc.record({ type: fc.constant("object"), properties: fc.dictionary(fc.oneof(fc.constantFrom("action", "cursor", "page", "limit"), words), fc.record({ enum: fc.array(words, { minLength: 1, maxLength: 4 }) }), { maxKeys: 4 }) }) });
  fc.assert(fc.property(words, fc.uniqueArray(tool, { maxLength: 4, selector: ({ name }) => name }), (source, tools) => {
    const { diagnostics } = compiled("odd", source, new Map(tools.map((one) => [one.name, one as unknown as RawTool])));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  }), { numRuns: 8 });
});
