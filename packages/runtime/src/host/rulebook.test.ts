import { describe, expect, test } from "vitest";
import { compileProfile, Unknown } from "../engine/index.ts";
import { profileProgramOf } from "../testing/compile-source.ts";
import { createRulebook, type RulebookOptions } from "./rulebook.ts";

const PROFILE = compileProfile(profileProgramOf(`
import { profile } from "offstage";

export default profile("world@1", {
  issues: [
    { when: (a) => a.action === "get", effect: "read", lag: "2s" },
    { when: (a) => a.action === "create", effect: "write", undo: "none", affects: ["search"] },
  ],
  list: [{ effect: "read", consistent: true }],
  touch: [{ effect: "write", idempotent: true }],
});
`));

function bookOf(options: Partial<RulebookOptions> = {}) {
  return createRulebook({ profiles: new Map([["world", PROFILE]]), policyEffect: () => null, trustedRead: () => false, ...options });
}

describe("what a call is", () => {
  test("is what its profile says, for these arguments", () => {
    const { tools } = bookOf();
    expect(tools.classify("world", "issues", { action: "get" })).toEqual({ effect: "read", idempotent: false, consistent: false, lagMs: 2_000, affects: [], undo: null });
    expect(tools.classify("world", "issues", { action: "create" })).toEqual({ effect: "write", idempotent: false, consistent: false, lagMs: null, affects: ["search"], undo: "none" });
    expect(tools.classify("world", "list", {})).toMatchObject({ effect: "read", consistent: true });
    expect(tools.classify("world", "touch", {})).toMatchObject({ effect: "write", idempotent: true });
  });

  test("is a write where nobody says anything: no rule, no profile, arguments that a plan does not know", () => {
    const { tools, rules } = bookOf();
    expect(tools.classify("world", "issues", { action: "burn" }).effect).toBe("write");
    expect(tools.classify("world", "issues", { action: new Unknown([]) }).effect).toBe("write");
    expect(tools.classify("world", "other", {}).effect).toBe("write");
    expect(rules.rule("elsewhere", "list", {}).effect).toBe("write");
  });

  test("the policy comes before the profile, and the profile before the server's own hint", () => {
    expect(bookOf({ policyEffect: () => "write" }).rules.rule("world", "list", {}).effect).toBe("write");
    expect(bookOf({ policyEffect: (server, tool) => (`${server}.${tool}` === "world.touch" ? "read" : null) }).rules.rule("world", "touch", {}).effect).toBe("read");
    expect(bookOf({ trustedRead: () => true }).rules.rule("world", "touch", {}).effect).toBe("write");
    expect(bookOf({ trustedRead: () => true }).rules.rule("elsewhere", "list", {})).toMatchObject({ effect: "read", isHinted: true });
    for (const vouched of [bookOf({ trustedRead: () => true }), bookOf({ policyEffect: () => "read", trustedRead: () => true })]) expect(vouched.rules.rule("world", "list", {})).not.toHaveProperty("isHinted");
  });
});

describe("what the checker is told", () => {
  const { mayWrite } = bookOf();

  test("a call with its deciding argument written out is decided", () => {
    expect(mayWrite("world", "issues", { action: "get" }, [])).toBe(false);
    expect(mayWrite("world", "issues", { action: "get" }, ["key"])).toBe(false);
    expect(mayWrite("world", "issues", { action: "create" }, ["key"])).toBe(true);
  });

  test("a call whose deciding argument only a run knows may write", () => {
    expect(mayWrite("world", "issues", { key: "K" }, ["action"])).toBe(true);
    expect(mayWrite("world", "issues", { action: "get" }, "any")).toBe(true);
    expect(mayWrite("world", "issues", null, [])).toBe(true);
  });

  test("a call that reads whatever it is given reads", () => {
    expect(mayWrite("world", "list", null, "any")).toBe(false);
  });
});

test("a tool of which nobody says how it pages has one page, and its list is the answer", () => {
  const paging = bookOf().tools.paging("elsewhere", "list", {});
  expect(paging.max).toBe(1);
  expect(paging.first({ a: 1 })).toEqual({ a: 1 });
  expect(paging.next({ a: 1 }, [1], 0)).toBeNull();
  expect(paging.items([1, 2])).toEqual([1, 2]);
  expect(paging.items({ items: [1] })).toEqual([]);
  expect(paging.more([1])).toBe(false);
});
