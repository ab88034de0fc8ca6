import fc from "fast-check";
import type { Data } from "offstage/base";
import { expect, test } from "vitest";
import { briefTold } from "./brief-told.ts";
import { deskMessage, deskText, type FromDesk } from "./desk-messages.ts";

const nested = (depth: number): Data => Array.from({ length: depth }).reduce<Data>((inner) => ({ inner }), "innermost");

test("whatever is told can be read by the service that it comes to, however deep it nests", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 600 }), fc.boolean(), (depth, ok) => {
    const told = briefTold({ ok, text: "text", data: { plan: [nested(depth)] }, notes: "" });
    expect(deskMessage<FromDesk>(deskText({ id: 1, told }))).toEqual({ id: 1, told });
  }));
});
