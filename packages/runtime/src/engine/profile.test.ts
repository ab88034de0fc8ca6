import { describe, expect, it } from "vitest";
import { profileProgramOf } from "../testing/compile-source.ts";
import { compileProfile, Unknown } from "./index.ts";

const profile = compileProfile(profileProgramOf(`
import { profile, capture } from "offstage";
const keyOf = (text: string) => capture(text, /^made ([A-Z]+-[0-9]+)$/);
export default profile<any>("@acme/tracker@1", {
  issues: [
    { when: (a: any) => a.action === "get", effect: "read", gone: (r) => r.isError && r.text.includes("does not exist") },
    { when: (a: any) => a.action === "create", effect: "write", undo: "none", result: (r) => ({ key: keyOf(r.text) }), refused: (r) => r.text.startsWith("Error: invalid"), affects: ["issues", "search"] },
    { when: (a: any) => a.action === "update", effect: "write", idempotent: true, lag: "1m" },
  ],
  search: [{ effect: "read", lag: "2m", pages: { by: "none", items: (r) => r.issues, more: (r) => !r.isLast } }],
  list: [{ effect: "read", consistent: true, pages: { by: "page", param: "page", size: ["per_page", 100] } }],
  feed: [{ effect: "read", pages: { by: "cursor", param: "cursor", items: (r) => r.items, next: (r) => r.next } }],
  numbered: [{ effect: "read", pages: { by: "page", param: "page", items: (r) => r.items, next: (r) => r.next, more: (r) => r.cut } }],
  slice: [{ effect: "read", pages: { by: "offset", param: "from" } }],
  "*": { rate: { perSecond: 5 } },
});`));

describe("a profile", () => {
  it("gives the first rule whose condition holds, filled by the rule for all", () => {
    expect(profile.package).toBe("@acme/tracker@1");
    expect(profile.rule("issues", { action: "get" })).toMatchObject({ effect: "read", decided: true, idempotent: false, rate: { perSecond: 5 }, undo: null });
    expect(profile.rule("issues", { action: "create" })).toMatchObject({ effect: "write", undo: "none", affects: ["issues", "search"], lagMs: null });
    expect(profile.rule("issues", { action: "update" })).toMatchObject({ effect: "write", idempotent: true, lagMs: 60_000 });
    expect(profile.rule("issues", { action: "delete" })).toMatchObject({ effect: null, decided: true, rate: { perSecond: 5 } });
    expect(profile.rule("constructor", {})).toMatchObject({ effect: null, decided: true });
  });

  it.each([["unknown arguments", { action: new Unknown([]) }], ["a condition that fails", null]])("takes a call that cannot be decided for a write: %s", (_, args) => {
    expect(profile.rule("issues", args)).toMatchObject({ effect: "write", decided: false, idempotent: false, paging: null });
  });

  it("reads results, refusals and absences", () => {
    const create = profile.rule("issues", { action: "create" });
    const reply = (text: string, isError = false) => ({ text, data: null, isError });
    expect(create.result?.(reply("made PROD-1"))).toEqual({ key: "PROD-1" });
    expect(() => create.result?.(reply("made **Key**: undefined"))).toThrow(expect.objectContaining({ code: "RESULT_UNREADABLE" }));
    expect([create.refused?.(reply("Error: invalid field", true)), create.refused?.(reply("502", true))]).toEqual([true, false]);
    const get = profile.rule("issues", { action: "get" });
    expect([get.gone?.(reply("does not exist", true)), get.gone?.(reply("does not exist"))]).toEqual([true, false]);
  });

  it("pages by number until a page is empty, however short the one before", () => {
    const { paging } = profile.rule("list", {});
    const first = paging?.first({ owner: "a" }) ?? null;
    expect(first).toEqual({ owner: "a", page: 1, per_page: 100 });
    expect(paging?.next(first, [1], 0)).toEqual({ owner: "a", page: 2, per_page: 100 });
    expect(paging?.next(first, [], 0)).toBeNull();
    expect([paging?.max, paging?.items([1, 2]), paging?.more([1])]).toEqual([null, [1, 2], false]);
    expect(paging?.first({ page: 3, per_page: 5 })).toEqual({ page: 3, per_page: 5 });
    expect(() => paging?.items({ no: "list" })).toThrow(/items/);
  });

  it("pages by cursor and by offset, and says when one page is not all", () => {
    const feed = profile.rule("feed", {}).paging;
    expect(feed?.next({ a: 1 }, { items: [1], next: "c2" }, 0)).toEqual({ a: 1, cursor: "c2" });
    expect(feed?.next({ a: 1 }, { items: [1], next: null }, 0)).toBeNull();
    const slice = profile.rule("slice", {}).paging;
    expect(slice?.next(slice.first({}), [1, 2, 3], 0)).toEqual({ from: 3 });
    const numbered = profile.rule("numbered", {}).paging;
    expect([numbered?.next({ page: 1 }, { items: [1], next: "2", cut: false }, 0), numbered?.next({ page: 2 }, { items: [1], next: null, cut: false }, 0), numbered?.more({ items: [1], next: null, cut: true })]).toEqual([{ page: 2 }, null, true]);
    const search = profile.rule("search", {}).paging;
    expect([search?.max, search?.next({}, { issues: [1], isLast: false }, 0), search?.more({ issues: [], isLast: false }), search?.items({ issues: [7] })]).toEqual([1, null, true, [7]]);
  });
});
