import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startJira } from "./jira.ts";
import type { JiraEmulator } from "./jira.ts";

let dir: string;
let jira: JiraEmulator;
let now: number;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "offstage-jira-"));
  now = Date.UTC(2026, 0, 2, 3, 4, 5);
  jira = await start();
});
afterEach(async () => {
  await jira.close();
  rmSync(dir, { recursive: true });
});

function start(): Promise<JiraEmulator> {
  return startJira({ file: join(dir, "jira.sqlite"), lagMs: 1500, now: () => now });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(method: string, path: string, body?: unknown, token = jira.token): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${jira.email}:${token}`).toString("base64")}`;
  const response = await fetch(`${jira.url}/rest/api/3${path}`, {
    method, headers: { authorization, "content-type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text };
}

const fieldsFor = (summary: string, labels: readonly string[] = []): unknown => ({ fields: { project: { key: "PROD" }, issuetype: { name: "Bug" }, summary, labels } });
const create = (summary: string, labels?: readonly string[]): Promise<Answer> => send("POST", "/issue", fieldsFor(summary, labels));
const search = (jql: string, more: object = {}): Promise<Answer> => send("POST", "/search/jql", { jql, fields: ["summary"], ...more });

async function found(jql: string): Promise<readonly string[]> {
  const { body } = await search(jql);
  return (body as { issues: { fields: { summary: string } }[] }).issues.map((issue) => issue.fields.summary);
}

describe("issues", () => {
  it("are created, read at once, and survive a restart of the emulator", async () => {
    expect(await create("One")).toMatchObject({ status: 201, body: { id: "10001", key: "PROD-1", self: `${jira.url}/rest/api/3/issue/10001` } });
    await jira.close();
    jira = await start();
    expect(await send("GET", "/issue/PROD-1?fields=summary,created")).toMatchObject({ status: 200, body: { key: "PROD-1", fields: { summary: "One", created: "2026-01-02T03:04:05.000+0000" } } });
    expect(await create("Two")).toMatchObject({ body: { key: "PROD-2" } });
  });

  it("are edited, assigned, moved through the workflow and commented", async () => {
    await create("One");
    const document = { type: "doc", version: 1, content: [] };
    expect(await send("PUT", "/issue/PROD-1", { fields: { summary: "Uno", labels: ["b", "a"] } })).toMatchObject({ status: 204 });
    expect(await send("PUT", "/issue/PROD-1/assignee", { accountId: "712020:bo" })).toMatchObject({ status: 204 });
    expect(await send("POST", "/issue/PROD-1/transitions", { transition: { id: "31" } })).toMatchObject({ status: 204 });
    expect(await send("POST", "/issue/PROD-1/comment", { body: document })).toMatchObject({ status: 201, body: { body: document } });
    expect(await send("GET", "/issue/PROD-1")).toMatchObject({ body: { fields: { summary: "Uno", labels: ["a", "b"], status: { name: "Done" }, assignee: { displayName: "Bo Lindqvist" } } } });
    expect(await send("GET", "/issue/PROD-1/comment")).toMatchObject({ body: { total: 1 } });
  });

  it("are gone after a delete, and their keys are not used again", async () => {
    await create("One");
    expect(await send("DELETE", "/issue/PROD-1")).toMatchObject({ status: 204 });
    expect(await send("GET", "/issue/PROD-1")).toMatchObject({ status: 404, body: { errorMessages: ["Issue does not exist or you do not have permission to see it."] } });
    expect(await create("Two")).toMatchObject({ body: { key: "PROD-2", id: "10002" } });
  });
});

describe("what Jira refuses", () => {
  it.each([
    [{}, { summary: "You must specify a summary of the issue.", project: "Specify a valid project ID or key", issuetype: "Specify an issue type" }],
    [{ fields: { project: { key: "NO" }, issuetype: { name: "Epos" }, summary: " " } }, { summary: "You must specify a summary of the issue.", project: "valid project is required", issuetype: "Specify a valid issue type" }],
    [fieldsFor("x".repeat(256)), { summary: "Summary can't exceed 255 characters." }],
    [fieldsFor("a\nb"), { summary: "The summary is invalid because it contains newline characters." }],
    [fieldsFor("a", ["b c"]), { labels: "The label 'b c' contains spaces which is invalid." }],
    [{ fields: { customfield_1: 1 } }, { customfield_1: "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown." }],
    [{ fields: { description: "text" } }, { description: "Operation value must be an Atlassian Document (see the Atlassian Document Format)" }],
  ])("an issue with %j", async (body, errors) => {
    expect(await send("POST", "/issue", body)).toMatchObject({ status: 400, body: { errorMessages: [], errors } });
    expect(jira.issues()).toEqual([]);
  });

  it("a wrong token, a transition that is none, a comment that is plain text, a path it does not know", async () => {
    await create("One");
    expect(await send("GET", "/issue/PROD-1", undefined, "wrong")).toEqual({ status: 401, body: "Client must be authenticated to access this resource." });
    expect(await send("POST", "/issue/PROD-1/transitions", { transition: { id: "99" } })).toMatchObject({ status: 400, body: { errorMessages: ["Transition id '99' is not valid for this issue."] } });
    expect(await send("POST", "/issue/PROD-1/comment", { body: "hi" })).toMatchObject({ status: 400, body: { errors: { comment: "Comment body is not valid!" } } });
    expect(await send("GET", "/nothing")).toMatchObject({ status: 404, body: { errorMessages: ["This Jira emulator has no GET /rest/api/3/nothing."] } });
    expect(await search("labels = *")).toMatchObject({ status: 400, body: { errors: {} } });
  });
});

describe("the search", () => {
  it("shows a new issue, an edit and a delete only when the lag has passed", async () => {
    await create("One", ["x"]);
    now += 1499;
    expect(await found("labels = x")).toEqual([]);
    now += 1;
    expect(await found("labels = x")).toEqual(["One"]);
    await send("PUT", "/issue/PROD-1", { fields: { summary: "Uno", labels: ["y"] } });
    expect(await found("labels = x")).toEqual(["One"]);
    now += 1500;
    expect(await found("labels = x")).toEqual([]);
    expect(await found("labels = y")).toEqual(["Uno"]);
    jira.deleteIssue("PROD-1");
    expect(await found("labels = y")).toEqual(["Uno"]);
    now += 1500;
    expect(await found("labels = y")).toEqual([]);
  });

  it("gives pages that do not overlap, and refuses a page token that it did not give", async () => {
    for (const summary of ["1", "2", "3"]) await create(summary);
    now += 1500;
    const first = await search("project = PROD", { maxResults: 2 });
    expect(first).toMatchObject({ body: { isLast: false, issues: [{ key: "PROD-3" }, { key: "PROD-2" }] } });
    const { nextPageToken } = first.body as { nextPageToken: string };
    const second = await search("project = PROD", { maxResults: 2, nextPageToken });
    expect(second.body).toEqual({ isLast: true, issues: [expect.objectContaining({ key: "PROD-1", fields: { summary: "1" } })] });
    expect(await search("project = PROD", { nextPageToken: "x" })).toMatchObject({ status: 400 });
  });
});

describe("faults", () => {
  it("drop the connection before or after the write", async () => {
    jira.faults.add({ method: "POST", path: "/issue" }, { kind: "drop", when: "before" });
    await expect(create("One")).rejects.toThrow("fetch failed");
    expect(jira.issues()).toEqual([]);
    jira.faults.add({ method: "POST", path: "/issue" }, { kind: "drop", when: "after" });
    await expect(create("One")).rejects.toThrow("fetch failed");
    expect(jira.issues()).toMatchObject([{ summary: "One" }]);
    expect(await create("Two")).toMatchObject({ status: 201 });
    expect(jira.requests({ method: "POST", path: "/issue" })).toHaveLength(3);
  });

  it("answer with an error, or with a body that is cut off, after the write", async () => {
    jira.faults.add({ path: "/issue" }, { kind: "status", status: 502, when: "after" });
    expect(await create("One")).toMatchObject({ status: 502 });
    jira.faults.add({ path: "/issue" }, { kind: "broken-body" });
    await expect(create("Two")).rejects.toThrow(SyntaxError);
    expect(jira.issues()).toHaveLength(2);
  });

  it("meet the requests that they name, after those to skip and as often as said", async () => {
    await create("One");
    jira.faults.add({ method: "PUT", path: "/issue/*", skip: 1, times: 2 }, { kind: "status", status: 500, when: "before" });
    const statuses: number[] = [];
    for (const summary of ["a", "b", "c", "d"]) statuses.push((await send("PUT", "/issue/PROD-1", { fields: { summary } })).status);
    expect(statuses).toEqual([204, 500, 500, 204]);
    expect(await send("GET", "/issue/PROD-1/comment")).toMatchObject({ status: 200 });
  });

  it("hold requests until they are let go or cut off", async () => {
    const before = jira.faults.hold({ method: "POST", path: "/issue", times: 2 }, "before");
    const waiting = [create("One"), create("Two")];
    await before.arrived(2);
    expect(jira.issues()).toEqual([]);
    before.release();
    expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual([201, 201]);
    jira.faults.clear();
    const after = jira.faults.hold({ method: "POST", path: "/issue" }, "after");
    const cut = create("Three").catch((error: unknown) => error);
    await after.arrived(1);
    expect(jira.issues()).toHaveLength(3);
    after.drop();
    expect(await cut).toMatchObject({ message: "fetch failed" });
  });

  it("leave nothing waiting when the emulator closes", async () => {
    jira.faults.add({ path: "/issue" }, { kind: "delay", delayMs: 3_600_000 });
    jira.faults.hold({ path: "/field" }, "before");
    const cut = Promise.allSettled([create("One"), send("GET", "/field")]);
    await expect.poll(() => jira.requests()).toHaveLength(2);
    await jira.close();
    expect((await cut).map((one) => one.status)).toEqual(["rejected", "rejected"]);
    jira = await start();
  });
});
