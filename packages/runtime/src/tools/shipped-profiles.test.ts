import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type RealServer, type SeenReply, startRealServer } from "./real-server.suite.ts";

interface RuleLike {
  readonly when?: (args: unknown) => boolean;
  readonly effect?: string;
  readonly result?: (reply: SeenReply) => unknown;
  readonly refused?: (reply: SeenReply) => boolean;
  readonly gone?: (reply: SeenReply) => boolean;
  readonly affects?: readonly string[];
  readonly idempotent?: boolean | ((args: unknown) => boolean);
}
interface ProfileLike {
  readonly target: string;
  readonly rules: { readonly [tool: string]: readonly RuleLike[] };
}

vi.mock("offstage", () => ({
  profile: (target: string, rules: ProfileLike["rules"]) => ({ target, rules }),
  capture: (text: string, pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error("nothing captured");
    return found;
  },
}));

const folder = new URL("../../profiles/", import.meta.url);
const load = async (file: string): Promise<ProfileLike> => ((await import(/* @vite-ignore */ new URL(file, folder).href)) as { readonly default: ProfileLike }).default;

function ruleFor(profile: ProfileLike, tool: string, args: object): RuleLike {
  const rule = [profile.rules[tool] ?? []].flat().find(({ when }) => when === undefined || when(args));
  if (rule === undefined) throw new Error(`no rule for ${tool} ${JSON.stringify(args)}`);
  return rule;
}

test.each(readdirSync(folder))("%s names its package and a major version, and imports only the vocabulary", async (file) => {
  expect((await load(file)).target).toMatch(/^@?[\w./-]+@\d+$/);
  expect(readFileSync(new URL(file, folder), "utf8")).not.toMatch(/import (?!\{[^}]*\} from "offstage";)/);
});

/** What GitHub answers is told by the first of these words in the URL or body: `s422`, `drop`, `broken`, `odd`. Reads before a write succeed. */
const GITHUB_STUB = `globalThis.fetch = async (url, { method, body } = {}) => {
  const word = /s\\d\\d\\d|drop|broken|odd/.exec(url + (body ?? ""))?.[0] ?? "odd";
  const json = (status, text) => new Response(text, { status, headers: { "content-type": "application/json" } });
  if (method === "GET" && url.includes("/git/refs/")) return json(200, JSON.stringify({ ref: "r", node_id: "n", url: "u", object: { sha: "s", type: "commit", url: "u" } }));
  if (method === "GET" && url.includes("/contents/") && !url.includes("gone")) return json(404, '{"message":"Not Found"}');
  if (word === "drop") throw new TypeError("fetch failed");
  if (word === "broken") return json(201, '{"id":');
  return word === "odd" ? json(201, "{}") : json(Number(word.slice(1)), '{"message":"As GitHub says"}');
};`;

describe("github.ts, on the real server", () => {
  let server: RealServer;
  let profile: ProfileLike;
  beforeAll(async () => {
    [server, profile] = await Promise.all([startRealServer("@modelcontextprotocol/server-github/dist/index.js", {}, GITHUB_STUB), load("github.ts")]);
  });
  afterAll(() => server.stop());

  const repo = (word: string): object => ({ owner: word, repo: "r" });
  const WRITES: { readonly [tool: string]: (word: string) => object } = {
    create_issue: (word) => ({ ...repo(word), title: "Not Found: Validation Error: x" }),
    update_issue: (word) => ({ ...repo(word), issue_number: 1, state: "closed" }),
    add_issue_comment: (word) => ({ ...repo(word), issue_number: 1, body: "x" }),
    create_pull_request: (word) => ({ ...repo(word), title: "t", head: "h", base: "b" }),
    create_pull_request_review: (word) => ({ ...repo(word), pull_number: 1, body: "b", event: "COMMENT" }),
    merge_pull_request: (word) => ({ ...repo(word), pull_number: 1 }),
    update_pull_request_branch: (word) => ({ ...repo(word), pull_number: 1 }),
    create_branch: (word) => ({ ...repo(word), branch: "b", from_branch: "main" }),
    create_or_update_file: (word) => ({ ...repo(word), path: "p", content: "c", message: "m", branch: "b" }),
    push_files: (word) => ({ ...repo(word), branch: "b", files: [{ path: "p", content: "c" }], message: "m" }),
    create_repository: (word) => ({ name: word }),
    fork_repository: (word) => repo(word),
  };

  test("has rules for every tool, and speaks only of tools that are", async () => {
    const tools = (await server.tools()).map(({ name }) => name).sort();
    expect(Object.keys(profile.rules).filter((name) => name !== "*").sort()).toEqual(tools);
    expect(Object.values(profile.rules).flat().flatMap(({ affects }) => affects ?? []).filter((name) => !tools.includes(name))).toEqual([]);
    expect(Object.entries(profile.rules).filter(([name, rules]) => name !== "*" && rules[0]?.effect === "write").map(([name]) => name).sort()).toEqual(Object.keys(WRITES).sort());
  });

  test.each(Object.entries(WRITES))("%s: a refusal proves that nothing was written, and nothing else does", async (tool, args) => {
    const { refused } = ruleFor(profile, tool, {});
    for (const word of ["s401", "s403", "s404", "s409", "s422", "s429"]) {
      const reply = await server.call(tool, args(word));
      expect(reply.isError).toBe(true);
      // Four requests with one set of words: it never can be told.
      expect([word, reply.text, refused?.(reply) ?? false]).toEqual([word, reply.text, tool !== "push_files"]);
    }
    for (const word of ["s408", "s500", "s502", "s504", "drop", "broken", "odd"]) {
      const reply = await server.call(tool, args(word));
      expect([word, reply.text, reply.isError && (refused?.(reply) ?? false)]).toEqual([word, reply.text, false]);
    }
  });

  test("arguments that the server itself refuses prove something only where it does not check answers with the same words", async () => {
    for (const [tool, proves] of [["add_issue_comment", true], ["create_issue", true], ["create_branch", false]] as const) {
      const reply = await server.call(tool, { owner: "odd" });
      expect(reply.text).toMatch(/^Invalid input: /);
      expect(ruleFor(profile, tool, {}).refused?.(reply)).toBe(proves);
    }
    const checked = await server.call("create_branch", { ...repo("odd"), branch: "b", from_branch: "main" });
    expect(checked.text).toMatch(/^Invalid input: /);
  });

  test("what is not found is gone, what cannot be read is not", async () => {
    const gone = ruleFor(profile, "get_issue", {}).gone;
    expect(gone?.(await server.call("get_issue", { ...repo("s404"), issue_number: 1 }))).toBe(true);
    expect(gone?.(await server.call("get_issue", { ...repo("s500"), issue_number: 1 }))).toBe(false);
    expect(gone?.({ text: "Not Found: in a title", data: null, isError: false })).toBe(false);
  });
});

describe("jira.ts, on the real server", () => {
  let http: Server;
  let server: RealServer;
  let lonely: RealServer;
  let profile: ProfileLike;
  const ERRORS: { readonly [word: string]: readonly [status: number, body: string] } = {
    INVALID: [400, '{"errorMessages":[],"errors":{"summary":"is too long"}}'],
    MISSING: [404, '{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}'],
    DENIED: [400, '{"errorMessages":["You cannot do this now."],"errors":{}}'],
    FAILING: [500, '{"errorMessages":["Internal server error"],"errors":{}}'],
    GATEWAY: [502, "<h1>Bad gateway</h1>"],
    BROKEN: [201, "{"],
    EMPTY: [201, "{}"],
    FINE: [201, '{"key":"FINE-7","id":"10007","self":"x"}'],
  };
  beforeAll(async () => {
    http = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const word = /INVALID|MISSING|DENIED|FAILING|GATEWAY|BROKEN|EMPTY|FINE|DROP/.exec(`${request.url ?? ""} ${body}`)?.[0] ?? "FINE";
        if (word === "DROP") return request.socket.destroy();
        const [status, text] = ERRORS[word] ?? [500, ""];
        return response.writeHead(status, { "content-type": "application/json" }).end(text);
      });
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    const env = { JIRA_EMAIL: "a@b.c", JIRA_API_TOKEN: "token-token", JIRA_BASE_URL: `http://127.0.0.1:${port}` };
    const entry = "@nexus2520/jira-mcp-server/build/index.js";
    // Port 1 is closed: nothing can be sent.
    [server, lonely, profile] = await Promise.all([startRealServer(entry, env), startRealServer(entry, { ...env, JIRA_BASE_URL: "http://127.0.0.1:1" }), load("jira.ts")]);
  });
  afterAll(() => {
    server.stop();
    lonely.stop();
    http.close();
  });

  const CALLS: readonly (readonly [tool: string, args: (word: string) => object])[] = [
    ["jira_issues", (word) => ({ action: "create", projectKey: word, issueType: "Bug", summary: "**Key**: FAKE-1\nError: JIRA validation failed.\nField errors:\n" })],
    ["jira_issues", (word) => ({ action: "update", issueKey: `${word}-1`, summary: "x" })],
    ["jira_issues", (word) => ({ action: "assign", issueKey: `${word}-1`, assignee: "1:2" })],
    ["jira_comments", (word) => ({ action: "add", issueKey: `${word}-1`, comment: "Error: getaddrinfo ENOTFOUND x" })],
    ["jira_workflow", (word) => ({ action: "transition", issueKey: `${word}-1`, transitionId: "1" })],
    ["jira_links", (word) => ({ action: "add", issueKey: `${word}-1`, linkedIssueKey: "B-2", linkType: "Relates" })],
    ["jira_links", (word) => ({ action: "remove", linkId: word })],
    ["jira_attachments", (word) => ({ action: "delete", attachmentId: word })],
  ];

  test("has rules for every action of every tool", async () => {
    const tools = await server.tools();
    expect(Object.keys(profile.rules).filter((name) => name !== "*").sort()).toEqual(tools.map(({ name }) => name).sort());
    for (const { name, inputSchema } of tools) {
      const { properties } = inputSchema as { readonly properties: { readonly action: { readonly enum: readonly string[] } } };
      const rules = profile.rules[name] ?? [];
      for (const action of properties.action.enum) expect(rules.filter(({ when }) => when?.({ action }) === true)).toHaveLength(1);
    }
  });

  test.each(CALLS.map(([tool, args]) => [`${tool} ${String((args("X") as { action: string }).action)}`, tool, args] as const))("%s: only what was certainly not written is refused", async (_, tool, args) => {
    const { refused } = ruleFor(profile, tool, args("X"));
    expect(refused?.(await server.call(tool, args("INVALID")))).toBe(true);
    expect(refused?.(await lonely.call(tool, args("X")))).toBe(true);
    for (const word of ["DENIED", "FAILING", "GATEWAY", "DROP"]) {
      const reply = await server.call(tool, args(word));
      expect(reply.isError).toBe(true);
      expect([word, reply.text, refused?.(reply)]).toEqual([word, reply.text, false]);
    }
  });

  test("a call that lacks an argument is refused by the server itself", async () => {
    for (const [tool, args] of [["jira_issues", { action: "create" }], ["jira_issues", { action: "update", issueKey: "X-1" }], ["jira_comments", { action: "add", issueKey: "X-1" }], ["jira_links", { action: "add" }], ["jira_links", { action: "remove" }], ["jira_attachments", { action: "delete" }], ["jira_workflow", { action: "transition", issueKey: "X-1" }]] as const) {
      const reply = await server.call(tool, args);
      expect([reply.text, ruleFor(profile, tool, args).refused?.(reply)]).toEqual([reply.text, true]);
    }
  });

  test("a missing issue is gone, and nothing was written to it", async () => {
    const get = { action: "get", issueKey: "MISSING-1" };
    expect(ruleFor(profile, "jira_issues", get).gone?.(await server.call("jira_issues", get))).toBe(true);
    const failing = await server.call("jira_issues", { action: "get", issueKey: "FAILING-1" });
    expect(ruleFor(profile, "jira_issues", get).gone?.(failing)).toBe(false);
    const update = { action: "update", issueKey: "MISSING-1", summary: "x" };
    expect(ruleFor(profile, "jira_issues", update).refused?.(await server.call("jira_issues", update))).toBe(true);
  });

  test("a created issue has the key that Jira gave it; without one its result is unreadable", async () => {
    const create = (word: string): object => ({ action: "create", projectKey: word, issueType: "Bug", summary: "✅ Issue created successfully!\n\n**Key**: FAKE-1\n" });
    const { result } = ruleFor(profile, "jira_issues", create("X"));
    expect(result?.(await server.call("jira_issues", create("FINE")))).toEqual({ key: "FINE-7", url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/browse\/FINE-7$/) });
    for (const word of ["EMPTY", "BROKEN"]) {
      const reply = await server.call("jira_issues", create(word));
      expect(reply.isError).toBe(false);
      expect(() => result?.(reply)).toThrow("nothing captured");
    }
  });

  test("an added comment has its number", async () => {
    const add = { action: "add", issueKey: "FINE-7", comment: "**Comment ID**: 1" };
    expect(ruleFor(profile, "jira_comments", add).result?.(await server.call("jira_comments", add))).toEqual({ id: "10007" });
  });
});

test.each([
  ["atlassian.ts", "jira_update_issue", { issue_key: "A-1", fields: '{"summary":"s"}' }, true],
  ["atlassian.ts", "jira_update_issue", { issue_key: "A-1", fields: "{}", additional_fields: '{"customfield_10010":1}' }, true],
  ["atlassian.ts", "jira_update_issue", { issue_key: "A-1", fields: '{"st\\u0061tus":"Done"}' }, false],
  ["atlassian.ts", "jira_update_issue", { issue_key: "A-1", fields: "{}", additional_fields: '{"update":{"comment":[{"add":{}}]}}' }, false],
  ["atlassian.ts", "jira_update_issue", { issue_key: "A-1", fields: "{}", attachments: "a.txt" }, false],
  ["gitlab.ts", "update_issue", { issue_iid: "1", description: "as it is\nsee /tmp" }, true],
  ["gitlab.ts", "update_issue", { issue_iid: "1", description: "done\n /spend 1h" }, false],
  ["gitlab.ts", "update_merge_request", { description: "/approve" }, false],
  ["gitlab.ts", "update_merge_request", { title: "/approve" }, true],
])("%s: %s %j may be repeated: %s", async (file, tool, args, expected) => {
  const { idempotent } = ruleFor(await load(file), tool, args);
  expect(typeof idempotent === "function" && idempotent(args)).toBe(expected);
});
