import { expect, test } from "vitest";
import { realLists } from "./catalogues.ts";
import { compiledDraft } from "./drafted-profile.ts";

test("the draft of each real server checks, has a rule for every tool, and reads nothing that its server does not call read-only", () => {
  for (const { catalogue, package: from } of realLists()) {
    const { rules, diagnostics } = compiledDraft(catalogue.server, from, catalogue.tools);
    expect(diagnostics).toEqual([]);
    expect(Object.keys(rules).toSorted()).toEqual([...catalogue.tools.keys()].toSorted());
    const reading = Object.entries(rules).filter(([, ofTool]) => ofTool.some(({ effect }) => effect === "read")).map(([name]) => name);
    expect(reading.filter((name) => (catalogue.tools.get(name)?.["annotations"] as { readonly readOnlyHint?: unknown } | undefined)?.readOnlyHint !== true)).toEqual([]);
  }
});
