import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerRequests } from "offstage/effects";
import { DEFAULT_POLICY, type Policy } from "offstage/model";
import { programOf } from "../../../../packages/runtime/src/testing/compile-source.ts";
import { type ApiWorld, createApiWorld } from "../testing/api-world.ts";
import { createApprovalPages } from "./approval-pages.ts";
import { linkTo, SOMEBODY } from "./link-maker.ts";

const HOUR = 3_600_000;
const SECRET = "hunter2-hunter2";
const LINKS = { url: "https://o.example", keys: ["n".repeat(32)], maxAgeMs: HOUR };
const APPROVERS = { groups: { oncall: ["ada", "bob"] }, fourEyes: true };
const send = programOf(`import { once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "send", on: [], inputs: { who: "", text: "" } }, async ({ inputs }) => { await once("say:" + inputs.who, () => world.send({ text: inputs.text })); return 1; });`);
const deploy = programOf(`import { approve, workflow } from "offstage";
export default workflow({ name: "deploy", on: [], inputs: { who: "" } }, async ({ inputs }) => (await approve({ message: "Deploy for " + inputs.who + "?", show: { version: "<b>1</b>" }, by: ["oncall"], within: "30m" })).outcome);`);

let api: ApiWorld;
let answer: (request: Request) => Promise<Response>;
let policy: Policy;
let keys: readonly string[];
const begin = async (first: Policy): Promise<void> => {
  keys = LINKS.keys;
  policy = first;
  api = await createApiWorld([send, deploy], { policy });
  api.redactor.register(SECRET, "S");
  answer = createApprovalPages({ store: api.world.store, environment: { ...api.world.environment(), clock: api.world.clock, redactor: api.redactor }, approving: () => policy, links: () => ({ ...LINKS, keys }), failed: (error) => { throw error; } });
};
beforeEach(() => begin({ ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send", by: ["oncall"] }], approvers: APPROVERS }));
afterEach(() => api.close());
/** Another policy from the beginning. */
const beginWith = async (first: Policy): Promise<void> => {
  await api.close();
  await begin(first);
};

const start = async (workflow: string, inputs: object): Promise<void> => {
  await api.ask(`POST /workflows/${workflow}/runs`, { body: { inputs } });
  await api.host.work();
};
const asked = async (): Promise<{ readonly id: string; readonly hash: string }> => {
  const { body } = await api.ask("GET /approvals");
  const { permissions: [one], questions: [other] } = body as never as { permissions: { id: string; argsHash: string }[]; questions: { id: string; hash: string }[] };
  return { id: one?.id ?? other?.id ?? "", hash: one?.argsHash ?? other?.hash ?? "" };
};
const linkFor = async (by: string): Promise<string> => linkTo(await asked(), by, LINKS, api.world.clock.now());
const open = async (url: string): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> => {
  const response = await answer(new Request(url));
  return { status: response.status, text: await response.text(), headers: response.headers };
};
const say = async (url: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await answer(new Request(url, { method: "POST", body: new URLSearchParams(fields), headers: { "sec-fetch-site": "same-origin", ...headers } }));
  return { status: response.status, text: await response.text() };
};

describe("a link", () => {
  test("shows what exactly would be written, escaped and redacted, and opening it changes nothing", async () => {
    await start("send", { who: "kim", text: `<script>alert("${SECRET.slice(0, 3)}")</script> \u202e` });
    const { status, text, headers } = await open(await linkFor("ada"));
    expect(status).toBe(200);
    expect(text).toContain("&lt;script&gt;alert(");
    expect(text).not.toMatch(/<script|\u202e/);
    for (const part of ["world.send", "world.test", "say:kim", "rule 1 of the policy asks for oncall", "otto", "You answer as <strong>ada</strong>"]) expect(text).toContain(part);
    expect(Object.fromEntries(headers)).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer", "x-frame-options": "DENY", "content-security-policy": expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^;]+'; form-action 'self'; frame-ancestors 'none'/) as string });
    expect((await open(await linkFor("ada"))).status).toBe(200);
    expect((await answer(new Request(await linkFor("ada"), { method: "HEAD" }))).status).toBe(200);
    const preflight = await answer(new Request(await linkFor("ada"), { method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "POST" } }));
    expect([preflight.status, [...preflight.headers.keys()].filter((name) => name.startsWith("access-control"))]).toEqual([405, []]);
    await api.host.work();
    expect(api.world.called).toEqual([]);
  });

  test("permits it once, with who, when, why and the way; said again it is the same, and said otherwise it is refused", async () => {
    await start("send", { who: "kim", text: "x" });
    const { id } = await asked();
    const [ada, bob] = [await linkFor("ada"), await linkFor("bob")];
    expect(await say(ada, { verdict: "approve", why: "seen" })).toMatchObject({ status: 200, text: expect.stringContaining("Permitted") as string });
    await api.host.work();
    expect((await say(ada, { verdict: "approve" })).status).toBe(200);
    await api.host.work();
    expect(api.world.called).toEqual(['send {"text":"x"}']);
    expect((await api.ask(`GET /approvals/${id}`)).body).toMatchObject({ permission: { status: "used", answeredBy: "ada", answeredWhy: "seen", answers: [{ by: "ada", way: "link", why: "seen" }] } });
    expect(await say(bob, { verdict: "deny" })).toMatchObject({ status: 409, text: expect.stringContaining("answered by ada") as string });
    expect(await open(bob)).toMatchObject({ status: 410, text: expect.stringContaining("ada permitted it") as string });
  });

  test("says so when it has expired, something newer took its place, nobody signed it, or what it is about is gone", async () => {
    await start("send", { who: "kim", text: "x" });
    const old = await linkFor("ada");
    await start("send", { who: "kim", text: "y" });
    for (const reply of [await open(old), await say(old, { verdict: "approve" })]) expect(reply).toMatchObject({ status: 410, text: expect.stringContaining("Something newer took its place") as string });
    expect(await open(`${old.slice(0, -2)}AA`)).toMatchObject({ status: 403, text: expect.stringContaining("This link is not valid") as string });
    expect((await open(linkTo({ id: "none", hash: "h" }, "ada", LINKS, api.world.clock.now()))).status).toBe(404);
    const newer = await linkFor("ada");
    await api.world.clock.advance(HOUR);
    for (const reply of [await open(newer), await say(newer, { verdict: "approve" })]) expect(reply).toMatchObject({ status: 410, text: expect.stringContaining("This link has expired") as string });
    expect(api.world.called).toEqual([]);
  });

  test("of somebody who may not answer, or who started the run, permits nothing", async () => {
    await start("send", { who: "kim", text: "x" });
    for (const by of ["eve", "otto", "oncall"]) expect(await say(await linkFor(by), { verdict: "approve" })).toMatchObject({ status: 403, text: expect.stringContaining("Somebody else has to answer") as string });
  });

  test("takes back no that was said since the page was opened; whoever knows of it can, otherwise", async () => {
    await start("send", { who: "kim", text: "x" });
    const [ada, bob] = [await linkFor("ada"), await linkFor("bob")];
    const { id } = await asked();
    expect((await open(ada)).text).toContain("Permit");
    expect((await say(bob, { verdict: "deny", why: "not today" })).status).toBe(200);
    expect(await say(ada, { verdict: "approve" })).toMatchObject({ status: 409, text: expect.stringContaining("answered by bob") as string });
    await api.host.work();
    expect(api.world.called).toEqual([]);
    expect((await api.ask(`POST /approvals/${id}/approve`, { as: "ada", body: {} })).status).toBe(200);
  });

  test("is one of two answers that are given at once: one counts, and the other is told of it", async () => {
    await start("send", { who: "kim", text: "x" });
    const [ada, bob] = [await linkFor("ada"), await linkFor("bob")];
    const replies = await Promise.all([say(bob, { verdict: "deny" }), say(ada, { verdict: "approve" }), say(bob, { verdict: "deny" }), say(ada, { verdict: "approve" })]);
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 409, 409]);
    const { permissions } = (await api.ask("GET /approvals")).body as never as { permissions: readonly unknown[] };
    expect(permissions).toEqual([]);
    await api.host.work();
    expect(api.world.called.length).toBe(replies[0]?.status === 200 ? 0 : 1);
  });

  test("whose time is over says so, and until then says when", async () => {
    policy = { ...policy, approvers: { ...APPROVERS, timeoutMs: HOUR } };
    await start("send", { who: "kim", text: "x" });
    const [ada, { id }] = [await linkFor("ada"), await asked()];
    expect((await open(ada)).text).toContain("Can be permitted until");
    await answerRequests(api.world.store, [id], { verdict: "deny", by: "approvals.timeout", way: "timeout", now: api.world.clock.now(), maxAgeMs: 0 });
    expect(await open(ada)).toMatchObject({ status: 410, text: expect.stringContaining("Nobody answered in time") as string });
    expect(await say(ada, { verdict: "approve" })).toMatchObject({ status: 409 });
  });

  test("that is nobody's own answers nothing where whoever started a run may not", async () => {
    await start("send", { who: "kim", text: "x" });
    policy = { ...policy, rules: [], approvers: { ...APPROVERS, groups: { oncall: [SOMEBODY] } } };
    const link = await linkFor(SOMEBODY);
    expect(await say(link, { verdict: "approve" })).toMatchObject({ status: 403, text: expect.stringContaining("Somebody has to answer by name") as string });
    expect(await say(link, { verdict: "deny" })).toMatchObject({ status: 403 });
  });

  test("that is nobody's own is no second person where several have to permit it", async () => {
    await beginWith({ ...policy, rules: [{ verdict: "approve", tool: "send", count: 2 }], approvers: { groups: {}, fourEyes: false } });
    await start("send", { who: "kim", text: "x" });
    expect((await say(await linkFor("ada"), { verdict: "approve" })).text).toContain("1 more person has");
    expect(await say(await linkFor(SOMEBODY), { verdict: "approve" })).toMatchObject({ status: 403, text: expect.stringContaining("Somebody has to answer by name") as string });
    await api.host.work();
    expect(api.world.called).toEqual([]);
  });

  test("of a key that was rotated holds as long as that stands there, without a restart", async () => {
    await start("send", { who: "kim", text: "x" });
    const link = await linkFor("ada");
    keys = ["m".repeat(32), ...LINKS.keys];
    expect((await open(link)).status).toBe(200);
    keys = ["m".repeat(32)];
    expect([(await open(link)).status, (await say(link, { verdict: "approve" })).status]).toEqual([403, 403]);
  });

  test("says how many people are missing still, without one who may not permit it any more", async () => {
    await beginWith({ ...policy, rules: [{ verdict: "approve", tool: "send", by: ["oncall"], count: 2 }] });
    await start("send", { who: "kim", text: "x" });
    expect((await say(await linkFor("ada"), { verdict: "approve" })).text).toContain("1 more person has");
    policy = { ...policy, approvers: { ...APPROVERS, groups: { oncall: ["bob", "cat"] } } };
    expect(await say(await linkFor("bob"), { verdict: "approve" })).toMatchObject({ status: 200, text: expect.stringContaining("1 more person has") as string });
  });

  test("answers what a workflow asks, in time", async () => {
    await start("deploy", { who: "kim" });
    const link = await linkFor("bob");
    expect((await open(link)).text).toMatch(/Deploy for kim\?[\s\S]*&quot;version&quot;: &quot;&lt;b&gt;1&lt;\/b&gt;&quot;/);
    expect((await say(link, { verdict: "deny", why: "not now" })).status).toBe(200);
    await api.host.work();
    expect((await api.ask("GET /runs?limit=1")).body.runs).toMatchObject([{ status: "succeeded" }]);
    await start("deploy", { who: "lee" });
    const late = await linkFor("bob");
    await api.world.clock.advance(HOUR / 2);
    expect([(await open(late)).status, (await say(late, { verdict: "approve" })).status]).toEqual([410, 404]);
  });

  test("takes only its own form, of a bounded size, and no more than people send", async () => {
    await start("send", { who: "kim", text: "x" });
    const link = await linkFor("ada");
    expect((await say(link, { verdict: "approve" }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await say(link, { verdict: "yes" })).status).toBe(400);
    expect((await say(link, { verdict: "approve", why: "x".repeat(20_000) })).status).toBe(413);
    expect((await answer(new Request(link, { method: "POST", body: "{}", headers: { "content-type": "application/json" } }))).status).toBe(415);
    expect((await answer(new Request(link, { method: "PUT" }))).status).toBe(405);
    for (let more = 0; more < 115; more++) await open(link);
    const limited = await open(link);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(api.world.called).toEqual([]);
  });
});
