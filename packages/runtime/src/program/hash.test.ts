import { expect, test } from "vitest";
import { hashConditions, hashProfile, hashProgram } from "./hash.ts";
import type { Expression } from "./node.ts";
import type { ProfileProgram } from "./profile-program.ts";
import type { Program } from "./program.ts";

function program(value: Expression, more: Partial<Program> = {}): Program {
  return {
    kind: "workflow", semantics: 1, name: "w", description: "", triggers: [], inputs: {}, limits: {}, globals: [], records: [], states: [], tools: [],
    body: { parameters: [], slots: 0, steps: false, body: [{ kind: "return", value }] },
    debug: { file: "w.ts", source: "", names: {}, globals: [] }, ...more,
  };
}

const one: Expression = { kind: "const", value: 1 };

test("the address ignores where things stand and what only people read", () => {
  const moved = program({ kind: "const", at: 17, value: 1 }, { debug: { file: "other.ts", source: "// x", names: { "1": ["a"] }, globals: ["g"] } });
  expect(hashProgram(moved)).toBe(hashProgram(program(one)));
  const function_ = (at: number): Expression => ({ kind: "function", at, fn: { at, parameters: [], slots: 0, steps: false, body: [] } });
  expect(hashProgram(program(function_(1)))).toBe(hashProgram(program(function_(2))));
});

test("the address is one of everything that a run depends on", () => {
  const changed: readonly Program[] = [
    program({ kind: "const", value: 2 }), program(one, { name: "v" }), program(one, { semantics: 2 }), program(one, { limits: { writes: 1 } }),
    program(one, { inputs: { a: 1 } }), program(one, { inputSchemas: { a: { type: "string" } } }), program(one, { inputSchemas: { a: { properties: { at: { type: "string" } } } } }), program(one, { inputSchemas: { a: { properties: { at: {} } } } }), program(one, { states: [{ name: "s", initial: null }] }), program(one, { was: "old" }), program(one, { starts: [program(one)] }), program(one, { starts: [program({ kind: "const", value: 2 })] }), program(one, { calls: [program(one)] }), program(one, { tools: [{ server: "a", tool: "b" }] }),
  ];
  const hashes = new Set([program(one), ...changed].map(hashProgram));
  expect(hashes.size).toBe(changed.length + 1);
});

test("data is hashed whole, whatever its fields are called", () => {
  expect(hashProgram(program(one, { inputs: { at: 1 } }))).not.toBe(hashProgram(program(one, { inputs: { at: 2 } })));
  expect(hashProgram(program(one, { inputs: { debug: 1 } }))).not.toBe(hashProgram(program(one)));
  const state = (at: number): Partial<Program> => ({ states: [{ name: "s", initial: { at } }] });
  expect(hashProgram(program(one, state(1)))).not.toBe(hashProgram(program(one, state(2))));
  expect(hashProgram(program({ kind: "const", value: { at: 1 } }))).not.toBe(hashProgram(program({ kind: "const", value: { at: 2 } })));
});

test("a profile may speak of tools called at, debug or kind", () => {
  const profile = (tool: string): ProfileProgram => ({
    kind: "profile", semantics: 1, package: "p@1", globals: [], rules: { [tool]: [{ effect: "read" }] }, names: {}, debug: { file: "p.ts", source: "", names: {}, globals: [] },
  });
  expect(new Set(["at", "debug", "kind", "a"].map((tool) => hashProfile(profile(tool)))).size).toBe(4);
});

test("conditions are the same wherever they stand, and others when what they look into is", () => {
  const when = (value: Expression, at = 1) => ({ at, parameters: [], slots: 0, steps: false, body: [{ kind: "return" as const, value }] });
  const none = { globals: [] };
  const hash = hashConditions(none, [{ when: when(one) }]);
  expect(hashConditions(none, [{ when: when(one, 9), effect: "read" }])).toBe(hash);
  expect(hashConditions({ globals: [{ value: one }] }, [{ when: when(one) }])).toBe(hash);
  expect(hashConditions(none, [{ when: when({ kind: "const", value: 2 }) }])).not.toBe(hash);
  const named = (value: number) => hashConditions({ globals: [{ value: { kind: "const", value } }] }, [{ when: when({ kind: "global", index: 0 }) }]);
  expect(named(1)).not.toBe(named(2));
});
