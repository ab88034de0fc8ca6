import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectId, type EffectIdentity } from "./index.ts";

const text = fc.string({ maxLength: 4 });
const identities: fc.Arbitrary<EffectIdentity> = fc.oneof(
  fc.record({ kind: fc.constant("record" as const), scope: text, record: text, key: text, generation: fc.nat(3), action: fc.constantFrom("create" as const, "adopt" as const, "update" as const, "release" as const, "reopen" as const), revision: fc.nat(3) }),
  fc.record({ kind: fc.constant("once" as const), scope: text, key: text, window: fc.option(fc.nat(3)) }),
  fc.record({ kind: fc.constant("step" as const), rootRun: text, step: text }),
);

describe("effectId", () => {
  test("is the same for the same identity, however it was put together", () => {
    expect(effectId({ kind: "once", scope: "s", key: "k", window: null })).toBe(effectId({ window: null, key: "k", scope: "s", kind: "once" }));
  });

  test("never changes: it is the ledger's key for ever", () => {
    expect(effectId({ kind: "once", scope: "leaks", key: "comment:PR_7", window: null })).toBe("448af0fe78d1c440d177d63569e82034fcde9cdcfdfd73b87130b41d074700df");
    expect(effectId({ kind: "record", scope: "leaks", record: "ticket", key: "PR_7", generation: 1, action: "create", revision: 0 })).toBe("b76443888188cb388489f5662b183395934d1f17f5cf29d39431d8ced7be992a");
    expect(effectId({ kind: "step", rootRun: "r", step: "notify#1" })).toBe("8bad63c71e58632b71b8b576f29956826fb7085b73667c1031cbe48206d1e631");
  });

  test("tells identities apart in every part", () => {
    fc.assert(fc.property(identities, identities, (a, b) => { expect(effectId(a) === effectId(b)).toBe(JSON.stringify(a) === JSON.stringify(b)); }), { numRuns: 500 });
  });

  test("refuses half a surrogate pair: two such keys would be one in a store", () => {
    expect(() => effectId({ kind: "once", scope: "s", key: "\ud800", window: null })).toThrow(expect.objectContaining({ code: "VALUE_INVALID" }));
  });
});
