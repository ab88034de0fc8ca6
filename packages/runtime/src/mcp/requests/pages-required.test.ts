import { ProtocolError } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { pagesRequired } from "./pages-required.ts";

const URL_REQUIRED = -32_042;
const asking = (...elicitations: readonly object[]): ProtocolError => new ProtocolError(URL_REQUIRED, "open a page", { elicitations });

test("the pages are named with what is said of them, three at most, and none for another error", () => {
  const page = { url: "https://example.com/sign-in", message: "Sign in" };
  expect(pagesRequired(asking(page, {}, page, page))).toBe("https://example.com/sign-in (Sign in), a page, https://example.com/sign-in (Sign in)");
  expect(pagesRequired(new ProtocolError(-32_602, "no", { elicitations: [page] }))).toBeNull();
  expect(pagesRequired(asking())).toBeNull();
});

test("what is held of a page's words is bounded, and more than is ever shown: a secret that is cut is not found any more", () => {
  const held = pagesRequired(asking({ url: `https://example.com/${"a".repeat(190)}swordfish-1234`, message: "m".repeat(1_000_000) })) ?? "";
  expect(held).toContain("swordfish-1234");
  expect(held.length).toBeLessThanOrEqual(20_000);
});
