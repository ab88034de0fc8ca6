import { expect, test } from "vitest";
import type { Session } from "../session.ts";
import { readText } from "./read.ts";

const FILE = "workflows/reports.ts";
const HEAD = `${FILE}, draft, revision 2:\n\ndrafted`;

test.each<[string, { readonly base: string | null; readonly now: string | null }, string]>([
  ["as it was", { base: "a", now: "a" }, HEAD],
  ["what was drafted already", { base: "a", now: "drafted" }, HEAD],
  ["edited by a person", { base: "a", now: "b" }, `${HEAD}\n\n${FILE} was changed in the project since it was drafted; there it is now:\n\nb`],
  ["taken away by a person", { base: "a", now: null }, `${HEAD}\n\n${FILE} was taken out of the project since it was drafted.`],
])("a draft is read whole, with the project's file where that is not what it was begun from: %s", (_how, { base, now }, text) => {
  const shelf: Partial<Session["shelf"]> = { newest: (file) => ({ file, revision: 2, text: "drafted" }), base: () => base, adopted: () => now };
  expect(readText({ shelf } as Session, "reports")).toBe(text);
});
