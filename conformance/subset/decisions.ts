import type { SubsetCases } from "./case.ts";

let going = 0;
let most = 0;

/** What the language decides for itself: Node's answer is no witness for these, so each says what it gives. */
export const DECISIONS: SubsetCases = {
  "9.2": {
    "each.at-a-time": {
      body: `const most = await each([1, 2, 3, 4, 5], { key: (n) => String(n), parallel: 2 }, async (n) => (await world.lookup({ n })).most); return [Math.max(...most), most.length];`,
      tools: { lookup: { effect: "read", answer: async () => {
        going += 1;
        most = Math.max(most, going);
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        going -= 1;
        return { most };
      } } },
      gives: [2, 5],
    },
  },
  "9.3": {
    "each.failed-items": { body: `const made = await each([1, 2, 3], { key: (n) => String(n), onError: "continue" }, async (n) => { if (n === 2) throw fail("two"); return n; }); return made.map((n) => n ?? "failed");`, gives: [1, "failed", 3] },
  },
  "11.1": {
    "state.staged": { top: `const cursor = state("cursor", { at: 0 });`, body: `const before = await cursor.get(); await cursor.set({ at: before.at + 1 }); await cursor.of("b").set({ at: 9 }); return [before.at, (await cursor.get()).at, (await cursor.of("b").get()).at, (await cursor.of("c").get()).at];`, gives: [0, 1, 9, 0] },
  },
  "16.1": {
    "catch.codes": {
      body: `
        const code = async (how: string) => {
          try {
            if (how === "read") await other.get({ missing: true });
            if (how === "write") await once.perRun(() => world.update({}));
            if (how === "fail") throw fail("no");
            if (how === "type") return (JSON.parse("null") as any).a.b;
            if (how === "capture") return capture("a", /b/);
            if (how === "keys") await each([{ a: 1 }, { a: 2 }], { key: () => "same" }, async () => 1);
            return "none";
          } catch (error) { return (error as any).code; }
        };
        return [await code("read"), await code("write"), await code("fail"), await code("type"), await code("capture"), await code("keys"), await code("none")];`,
      tools: { update: { effect: "write", fault: () => "failed" } },
      gives: ["READ_FAILED", "TOOL_FAILED", "FAILED", "TYPE_ERROR", "CAPTURE_NOT_FOUND", "DUPLICATE_KEY", "none"],
    },
  },
  "18.1": {
    "value.kinds": { body: `const carried = { map: new Map([["a", new Set([1])]]), nothing: undefined, list: [undefined, null] }; return [[...carried.map.keys()], carried.map.get("a")?.size, carried.list.length, carried.nothing === undefined];`, gives: [["a"], 1, 2, true] },
  },
  "22.8": {
    "state.key": { top: `const cursor = state("cursor", 0);`, body: `const code = async (key: any) => { try { await cursor.of(key).get(); return "none"; } catch (error) { return (error as any).code; } }; return [await code(""), await code(undefined), await code("a")];`, gives: ["TYPE_ERROR", "TYPE_ERROR", "none"] },
  },
  "22.28": {
    "arguments.undefined": { body: `let refused = ""; try { await world.get({ n: 0 / 0 }); } catch (error) { refused = (error as any).code; } return [Object.keys(await world.get({ a: undefined, b: 1 })), (await world.get({ list: [undefined, 1] })).list, refused];`, gives: [["b"], [null, 1], "TYPE_ERROR"] },
  },
  "22.31": {
    "capture.groups": { body: `return [capture("a1b", /\\d/), capture("ab", /a(z)?b/), lines("a\\r\\nb\\rc\\nd")];`, gives: ["1", "", ["a", "b", "c", "d"]] },
  },
  "22.32": {
    "time.zones": { body: `const code = (text: string) => { try { return time(text); } catch (error) { return (error as any).code; } }; return [code("2026-11-22"), code("2026-11-22T10:00:00"), code("2026-11-22T10:00:00Z"), code("2026-02-31")];`, gives: [1_795_305_600_000, "TYPE_ERROR", 1_795_341_600_000, "TYPE_ERROR"] },
  },
  "22.33": {
    "regex.empty-turns": { body: `return ["aab".match(/(?:a*)*b/)?.[0], "xaab".replace(/(?:a|)b/, "-")];`, gives: ["aab", "xa-"] },
  },
};
