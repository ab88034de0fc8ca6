import { expect, test } from "vitest";
import type { Shown } from "./desk.ts";
import { permitted } from "./permitted.ts";
import type { Session } from "./session.ts";
import type { CallContext } from "./studio-tool.ts";

const shown: Shown = { ok: true, text: "  + once hello  desk.say", data: null, notes: "", about: "it", command: "offstage apply p --ask" };
const context: CallContext = { signal: new AbortController().signal, said: null, permits: () => false };
const permit = (one: Shown) => permitted({} as Session, context, { shown: one, yes: "Perform", act: () => Promise.reject(new Error("nobody said yes")) });

test("what is short is asked about", async () => {
  expect(await permit(shown)).toMatchObject({ kind: "question", about: "it", text: shown.text });
});

test.each<[string, Partial<Shown>]>([["what was cut, however short what is left of it", { isCut: true }], ["what is too long", { text: "x".repeat(32_001) }]])("nobody is asked about %s: they are told where they see the whole", async (_, more) => {
  expect(await permit({ ...shown, ...more })).toMatchObject({ kind: "answer", ok: false, text: expect.stringContaining("offstage apply p --ask") as string });
});
