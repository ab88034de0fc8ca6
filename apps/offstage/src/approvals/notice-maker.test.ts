import { createRedactor } from "offstage/base";
import type { Notice } from "offstage/host";
import { expect, test } from "vitest";
import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { sampleRequest } from "../../../../packages/runtime/src/testing/store-samples.ts";
import type { NotifySettings } from "../config/approval-settings.ts";
import { readLink } from "./link-token.ts";
import { createNoticeMaker } from "./notice-maker.ts";

const KEYS = ["n".repeat(32), "o".repeat(32)];
const clock = createFakeClock();
const redactor = createRedactor();
redactor.register("hunter2-hunter2", "S");
const SETTINGS: NotifySettings = { server: "chat", tool: "post", most: 5, to: ["oncall", "cat"], args: { channel: "#ops", blocks: [{ text: "{{ message }}" }, { url: "{{link}}", to: "{{ approver }}", n: 7 }] } };
const maker = (changed: Partial<NotifySettings> = {}, links = true) => createNoticeMaker({ settings: { ...SETTINGS, ...changed }, links: () => (links ? { url: "https://o.example", keys: KEYS, maxAgeMs: 60_000 } : null), approvers: () => ({ groups: { oncall: ["ada", "bob"] }, fourEyes: false }), redactor, clock });
const notice = (changed: Parameters<typeof sampleRequest>[1] = {}, count = 1): Notice => ({ id: "n", asked: sampleRequest("r1", changed), count, runId: "run-1", label: "ticket PR_7" });

test("each person of the groups is sent a link of their own; what is kept has none", () => {
  const made = maker();
  expect(made.recipients).toEqual(["ada", "bob", "cat"]);
  expect(made.kept(notice(), "ada")).toEqual({ channel: "#ops", blocks: [{ text: "May ticket PR_7 be written? jira.create_issue on https://jira.test/, by leaks: policy." }, { url: "[link]", to: "ada", n: 7 }] });
  const { blocks: [, { url = "" } = {}] } = made.sent(notice(), "bob") as never as { blocks: { url?: string }[] };
  expect(url).toMatch(/^https:\/\/o\.example\/approve\//);
  expect(readLink(url.split("/").at(-1) ?? "", KEYS)).toEqual({ id: "r1", hash: "a".repeat(64), by: "bob", expiresAt: Math.floor((clock.now() + 60_000) / 1000) * 1000 });
});

test("who may not answer is not told, and whom nobody named is sent a link only where everybody may", () => {
  expect(maker().kept(notice({ by: ["oncall"] }), "cat")).toBeNull();
  const anybody = maker({ to: null });
  const [reader = ""] = anybody.recipients;
  expect(JSON.stringify(anybody.kept(notice(), reader))).toContain("[link]");
  expect(JSON.stringify(anybody.sent(notice({ by: ["ada"] }), reader))).toContain('"url":"offstage approve"');
  expect(JSON.stringify(maker({}, false).sent(notice(), "ada"))).toContain('"url":"offstage approve"');
});

test("one message about many says how many, and has no link", () => {
  expect(maker().sent(notice({}, 95), "ada")).toMatchObject({ blocks: [{ text: "95 more wait for a person: offstage approve lists them." }, { url: "offstage approve" }] });
});

test("where whoever started a run may not answer it, a link is somebody's own", () => {
  const made = createNoticeMaker({ settings: { ...SETTINGS, to: null }, links: () => ({ url: "https://o.example", keys: KEYS, maxAgeMs: 60_000 }), approvers: () => ({ groups: {}, fourEyes: true }), redactor, clock });
  const [reader = ""] = made.recipients;
  for (const args of [made.kept(notice(), reader), made.sent(notice(), reader)]) expect(args).toMatchObject({ blocks: [{}, { url: "offstage approve" }] });
});

test("where several people have to permit it, a link is somebody's own: one person would answer twice with another", () => {
  const anybody = maker({ to: null });
  const [reader = ""] = anybody.recipients;
  for (const args of [anybody.kept(notice({ count: 2 }), reader), anybody.sent(notice({ count: 2 }), reader)]) expect(args).toMatchObject({ blocks: [{}, { url: "offstage approve" }] });
  expect(JSON.stringify(maker().sent(notice({ count: 2 }), "ada"))).toContain("/approve/");
});

test("what a server said is no template, rings nobody and holds no secret", () => {
  const text = JSON.stringify(maker().sent(notice({ label: `<!channel> @everyone @Here [Permit](https://evil.example) {{ link }} hunter2-hunter2 \u001b[2J ${"x".repeat(1_000)}` }), "ada"));
  expect(text.split("/approve/")).toHaveLength(2);
  expect(text).not.toMatch(/<|hunter2|\u001b|@everyone|@here|\]\(/i);
  expect(text.length).toBeLessThan(1_000);
});

test("a write to a server that names no site goes to that server", () => {
  expect(maker().kept(notice({ target: "" }), "ada")).toMatchObject({ blocks: [{ text: "May ticket PR_7 be written? jira.create_issue on jira, by leaks: policy." }, {}] });
});
