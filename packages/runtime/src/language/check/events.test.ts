import { expect, test } from "vitest";
import { compileText, moduleOf } from "../compile.suite.ts";

function found(body: string, on: string): readonly string[] {
  return compileText(moduleOf(body, "", on)).diagnostics.map(({ code }) => code);
}

test.each([
  [`return 1;`, `[webhook("github", (e) => e.headers["x-github-event"] === "push")]`],
  [`return 1;`, `[webhook("github", { when: (e) => e.body.action === "opened", key: (e) => String(e.body.number) })]`],
  [`if (event?.kind === "webhook") return event.headers["x-id"] ?? ""; return "";`, `[webhook("github"), every("1h")]`],
  [`if (event?.kind === "schedule") return event.at; return "";`, `[webhook("github"), every("1h")]`],
  [`return event === null ? 0 : event.attempt;`, `[queue("jobs")]`],
])("a field that the event has: %s %s", (body, on) => expect(found(body, on)).toEqual([]));

test.each([
  ["TS2551", `return 1;`, `[webhook("github", (e) => e.header["x-github-event"] === "push")]`],
  ["TS2339", `return 1;`, `[every("1h", { when: (e) => e.body !== null })]`],
  ["TS2339", `if (event?.kind === "webhook") return event.at; return "";`, `[webhook("github"), every("1h")]`],
  ["TS2367", `if (event?.kind === "queue") return 1; return 2;`, `[webhook("github"), every("1h")]`],
  ["TS18047", `return event.at;`, `[every("1h")]`],
  ["EVENT_HEADER", `return 1;`, `[webhook("github", (e) => e.headers["X-GitHub-Event"] === "push")]`],
  ["EVENT_HEADER", `return 1;`, `[webhook("github", { key: (e) => e.headers["X-Id"] ?? "" })]`],
  ["EVENT_HEADER", `if (event?.kind === "webhook") return event.headers.Accept ?? ""; return "";`, `[webhook("github")]`],
])("%s: %s %s", (code, body, on) => expect(found(body, on)).toEqual([code]));

test.each([
  `return (await waitFor(webhook("github"), { when: (e) => e.headers["x-github-event"] === "push" && e.body.n > 1, within: "1d" }))?.source ?? "";`,
  `return (await waitFor(queue("jobs")))?.attempt ?? 0;`,
  `const isLate = (e: { readonly uri: string }) => e.uri !== ""; const found = await waitFor(resource(github, "repo://x"), { when: isLate }); return found === null ? "" : found.uri;`,
])("an event that is waited for has the fields of its trigger: %s", (body) => expect(found(body, "[]")).toEqual([]));

test.each([
  ["EVENT_HEADER", `await waitFor(webhook("github"), { when: (e) => e.headers["X-GitHub-Event"] === "push" });`],
  ["EVENT_HEADER", `return (await waitFor(webhook("github")))?.headers.Accept ?? "";`],
  ["TS2551", `await waitFor(webhook("github"), { when: (e) => e.header["x"] === "push" });`],
  ["TS2339", `await waitFor(queue("jobs"), { when: (e) => e.headers !== null });`],
  ["TS2531", `const e = await waitFor(webhook("github")); return e.body;`],
])("%s: %s", (code, body) => expect(found(body, "[]").map((one) => (one === "TS18047" ? "TS2531" : one))).toEqual([code]));
