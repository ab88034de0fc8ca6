import { DEFAULT_POLICY } from "offstage/model";
import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";

const FOLDER = "/project";

function faults(text: string): readonly string[] {
  const parsed = parseSettings(text, FOLDER);
  return parsed.ok ? [] : parsed.diagnostics.map(({ file, line, column, code, message, hint }) => `${file}:${line}:${column} ${code} ${message} ${hint ?? ""}`);
}

test.each([null, "", "# nothing yet\n"])("no file, an empty file and a file of comments mean the defaults (%j)", (text) => {
  expect(parseSettings(text, FOLDER)).toEqual({
    ok: true,
    settings: { policy: DEFAULT_POLICY, dryRun: false, classes: [], store: { file: "/project/.offstage/store.db", postgres: null }, retention: { runsMs: 7_776_000_000, eventsMs: 2_592_000_000 }, timeoutsMs: new Map([["*", 60_000]]), rates: new Map(), requests: new Map(), auth: new Map(), tokens: { folder: "/project/.offstage/tokens", key: null }, webhooks: [], serve: { listen: { host: "127.0.0.1", port: 8400 }, reload: true, concurrency: 8, opens: false, retryMs: 86_400_000, metrics: null, api: null, mcp: false }, queues: [], sandboxes: new Map(), inputs: {}, secrets: [], plain: [], approvals: { approvers: { groups: {}, fourEyes: false }, links: null, notify: null }, masks: [], model: null },
  });
});

test("every setting is read", () => {
  const text = `
version: 1
dryRun: true
policy:
  trustHints: true
  classes: [{ server: wiki, tool: "get_*", effect: read }]
  guard: { count: 2, share: 0.5 }
  limits: [{ perDay: 20, server: jira }]
  rules:
    - { verdict: deny, server: github, tool: "merge_*" }
    - { verdict: approve, record: ticket, action: recreate, by: oncall, count: 2 }
    - verdict: wait
      tool: pay
      args: { "lines[].price": { over: 1000, not: { is: 1 } }, repo: [a, "b*"], draft: true }
      outside: { days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin }
plan: { maxAge: 10m }
grants: { maxAge: 2h }
store: { file: /var/lib/offstage/store.db }
servers: { jira: { timeout: 90s, rate: { perSecond: 0.5, concurrent: 2 }, sandbox: { write: [data], hosts: ["*.atlassian.net:443"] } }, shop: { elicitation: { answer: { size: "\${env:SIZE}", n: 3 } }, sampling: { perHour: 2 }, roots: [data] }, ledger: { auth: { kind: bearer, token: "\${env:T}" } } }
tokens: { folder: /var/lib/offstage/tokens, key: "\${env:K}" }
webhooks: { hooks: { verify: hmac, rate: "20/1s", secret: "\${env:H}", header: X-Sig, encoding: base64 } }
serve: { listen: "[::1]:9", reload: false, concurrency: 2, api: { tokens: [{ name: ada, role: viewer, token: a-token }] } }
queues: { jobs: { kind: redis, url: "\${env:R}", stream: s, hold: 1m, attempts: 3 }, seen: { kind: nats, url: "nats://n", credentials: "\${file:c}", subject: a.b }, far: { kind: sqs, url: "http://h/1/far", region: r, accessKeyId: k, secretAccessKey: s }, pub: { kind: pubsub, project: p, deadLetter: d } }
model: { use: local/small, timeout: 5s, providers: { local: { url: "http://127.0.0.1:1/v1" }, far: { url: "https://example.com/v1", key: "\${env:FAR_KEY}", structured: false } } }
approvals: { groups: { oncall: [ada, bob] }, fourEyes: true, timeout: 1d, links: { url: "https://o.example/x/", key: "\${env:LINK}" }, notify: { server: chat, tool: post, args: { text: "{{ message }} {{link}}" }, to: oncall } }
fixtures: { mask: [{ path: "**.self", tool: "get_*" }, { text: "a+", with: b }] }
inputs: { token: "\${env:TOKEN}" }
secrets: [JIRA_EMAIL]
plain: [PROJECT_KEY]
`;
  expect(parseSettings(text, FOLDER)).toEqual({
    ok: true,
    settings: {
      policy: {
        rules: [
          { verdict: "deny", server: "github", tool: "merge_*", place: "offstage.yaml:10" }, { verdict: "approve", record: "ticket", action: "recreate", by: ["oncall"], count: 2, place: "offstage.yaml:11" },
          {
            verdict: "wait", tool: "pay", place: "offstage.yaml:12", args: { "lines[].price": { over: 1_000, not: { is: [1] } }, repo: { is: ["a", "b*"] }, draft: { is: [true] } },
            outside: { days: [1, 2, 3, 4, 5], from: 540, to: 1_020, timezone: "Europe/Berlin" },
          },
        ],
        limits: [{ perDay: 20, server: "jira", place: "offstage.yaml:8" }],
        planMaxAgeMs: 600_000, grantMaxAgeMs: 7_200_000, trustHints: true, guard: { count: 2, share: 0.5 }, approvers: { groups: { oncall: ["ada", "bob"] }, fourEyes: true, timeoutMs: 86_400_000 },
      },
      dryRun: true,
      classes: [{ server: "wiki", tool: "get_*", effect: "read" }],
      store: { file: "/var/lib/offstage/store.db", postgres: null },
      retention: { runsMs: 7_776_000_000, eventsMs: 2_592_000_000 },
      timeoutsMs: new Map([["*", 60_000], ["jira", 90_000]]),
      rates: new Map([["jira", { perSecond: 0.5, concurrent: 2 }]]),
      requests: new Map([
        ["jira", { elicitation: "decline", sampling: null, roots: [] }],
        ["shop", { elicitation: { answer: { size: "${env:SIZE}", n: 3 } }, sampling: { maxTokens: 1_000, perHour: 2 }, roots: ["data"] }],
        ["ledger", { elicitation: "decline", sampling: null, roots: [] }],
      ]),
      auth: new Map([["ledger", { kind: "bearer", token: "${env:T}" }]]),
      tokens: { folder: "/var/lib/offstage/tokens", key: "${env:K}" }, webhooks: [{ name: "hooks", verify: "hmac", certificate: null, secrets: ["${env:H}"], maxBytes: 1_048_576, rate: { count: 20, perMs: 1_000 }, idHeader: null, header: "x-sig", algorithm: "sha256", encoding: "base64", prefix: "" }], serve: { listen: { host: "::1", port: 9 }, reload: false, concurrency: 2, opens: true, retryMs: 86_400_000, metrics: null, api: { tokens: [{ name: "ada", role: "viewer", token: "a-token" }] }, mcp: false },
      queues: [{ kind: "redis", name: "jobs", url: "${env:R}", maxBytes: 1_048_576, maxAttempts: 3, holdMs: 60_000, stream: "s", group: "offstage", field: null, deadLetters: "s:dead" }, { kind: "nats", name: "seen", url: "nats://n", maxBytes: 1_048_576, maxAttempts: 10, holdMs: 30_000, credentials: "${file:c}", stream: "seen", consumer: "offstage", subject: "a.b", deadLetters: "seen.dead" }, { kind: "sqs", name: "far", url: "http://h/1/far", maxBytes: 1_048_576, maxAttempts: 10, holdMs: 30_000, region: "r", keys: { accessKeyId: "k", secretAccessKey: "s" }, deadLetters: null }, { kind: "pubsub", name: "pub", maxBytes: 1_048_576, maxAttempts: 10, holdMs: 30_000, url: null, project: "p", subscription: "pub", credentials: null, deadLetters: "d" }],
      sandboxes: new Map([["jira", { write: ["data"], read: [], hosts: ["*.atlassian.net:443"] }]]),
      inputs: { token: "${env:TOKEN}" },
      secrets: ["JIRA_EMAIL"],
      plain: ["PROJECT_KEY"],
      model: { use: "local/small", timeoutMs: 5_000, providers: [{ name: "local", url: "http://127.0.0.1:1/v1", key: null, structured: true }, { name: "far", url: "https://example.com/v1", key: "${env:FAR_KEY}", structured: false }] },
      approvals: { approvers: { groups: { oncall: ["ada", "bob"] }, fourEyes: true, timeoutMs: 86_400_000 }, links: { url: "https://o.example/x", keys: ["${env:LINK}"], maxAgeMs: 86_400_000 }, notify: { server: "chat", tool: "post", args: { text: "{{ message }} {{link}}" }, to: ["oncall"], most: 5 } },
      masks: [{ path: "**.self", tool: "get_*" }, { text: "a+", with: "b" }],
    },
  });
});

test("each fault is told at its place, all at once", () => {
  const found = faults("polcy: {}\nplan:\n  maxAge: soon\nservers:\n  jira: { timeout: 3 }\npolicy:\n  rules:\n    - { verdict: maybe }\n");
  expect(found.map((line) => line.slice(0, line.indexOf(" ")))).toEqual(expect.arrayContaining(["offstage.yaml:1:1", "offstage.yaml:3:3", "offstage.yaml:5:11", "offstage.yaml:8:9"]));
  expect(found.join("\n")).toContain('There is no setting "polcy" here.');
  expect(found.join("\n")).toContain('"soon" is no duration');
  for (const [text, most] of [["servers: { jira: { timeout: 99999999d } }", "1d"], ["servers: { jira: { timeout: 25h } }", "1d"], ["plan: { maxAge: 99999999999d }", "3650d"], ["grants: { maxAge: 3651d }", "3650d"]] as const) expect(faults(text).join("\n")).toContain(`is too long; the most is "${most}"`);
  expect(faults("servers: { jira: { timeout: 1d } }\nplan: { maxAge: 3650d }")).toEqual([]);
  // A permission that nobody could use before it is over.
  expect(faults("grants: { maxAge: 59s }").join("\n")).toContain('is too short; the least is "1m"');
  expect(faults("grants: { maxAge: 1m }")).toEqual([]);
});

test.each([
  ["policy:\n  classes: [{ server: wiki, effect: read }]\n", /policy\.classes\[0\] has no tool\./],
  ["policy: { classes: [{ server: wiki, tool: x, effect: reed }] }\n", /policy\.classes\[0\]\.effect: write "read", "prepare" or "write"\./],
  ["servers: { a: { elicitation: maybe, sampling: yes, roots: . } }\n", /servers\.a\.elicitation: write decline, none, ask, or .*\n.*servers\.a\.sampling: write refuse, allow, or .*\n.*servers\.a\.roots: this has to be array/],
  ["servers: { a: { elicitation: { answer: { sure: true, project: null } } } }\n", /servers\.a\.elicitation: "project" has no answer that a form takes; write a text, /],
  ["servers: { a: { elicitation: { answer: { sure: true, project: 9007199254740993 } } } }\n", /servers\.a\.elicitation\.answer\.project: A number with so many digits is rounded/],
  ["secrets: 7\n", /secrets: this has to be array, and is number\./],
  ["policy: { trusthints: true }\n", /Did you mean trustHints\?/],
  ["trustHints: true\n", /There is no setting "trustHints" here\. .*It belongs elsewhere: policy\.trustHints\. docs/],
  ["policy: { tineout: 9s }\n", /Did you mean servers\.<name>\.timeout or model\.timeout or approvals\.timeout\?/],
  ["policy: { classes: [{ server: a, tool: b, efect: read }] }\n", /Did you mean effect\?/],
  ["servers: { a: { timeuot: 9s } }\n", /Did you mean timeout\?/],
  ["servers: { a: { rate: {} } }\n", /servers\.a\.rate: write \{ perSecond: 5, concurrent: 4 \}, or one of both\./],
  ["servers: { a: { rate: { perSecond: 0 } } }\n", /servers\.a\.rate\.perSecond/],
  ["servers: { a: { sandbox: yes } }\n", /servers\.a\.sandbox: write true, or \{ write/],
  ["servers: { a: { sandbox: { hosts: [\"http://x\"] } } }\n", /servers\.a\.sandbox.* host/],
  ["webhooks: { a: { verify: hmac, secret: x } }\n", /webhooks\.a: Say in which header the signature comes: header: x-signature\./],
  ["webhooks: { a: { verify: github, secret: x, prefix: y } }\n", /webhooks\.a\.prefix: Only hmac take this: github says where it stands\./],
  ["queues: { a: { kind: carrier-pigeon, url: x } }\n", /queues\.a\.kind/],
  ["queues: { a: { kind: redis, url: x, hold: 10ms } }\n", /queues\.a\.hold: "10ms" is too short; the least is "1s"\./],
  ["queues: { a: { kind: nats, url: x, stream: a.b } }\n", /queues\.a\.stream: NATS takes no white space, dots/],
  ["queues: { a: { kind: sqs, url: \"http://h/1/a\" } }\n", /queues\.a\.region: Its `url` does not say which region/],
  ["queues: { a: { kind: sqs, url: \"https://sqs.us-east-1.amazonaws.com/1/a\", accessKeyId: x } }\n", /queues\.a: accessKeyId and secretAccessKey come together/],
  ["queues: { \"a b\": { kind: redis, url: x } }\n", /queues.* A queue is named by letters, digits, _, \. and -\./],
  ["webhooks: { a: { verify: github } }\n", /webhooks\.a: Name its secret: secret: /],
  ["webhooks: { a: { verify: mtls, proxy: nginx, secret: x, subject: CN=a } }\n", /webhooks\.a\.secret: mtls has no secret/],
  ["webhooks: { a: { verify: mtls, subject: CN=a } }\n", /webhooks\.a: Say which proxy tells of the certificate/],
  ["webhooks: { a: { verify: mtls, proxy: envoy, from: 10.0.0.0/33, name: partner } }\n", /webhooks\.a\.from: [^]*webhooks\.a\.name: /],
  ["webhooks: { a: { verify: mtls, proxy: envoy, fingerprint: ab } }\n", /webhooks\.a\.fingerprint: Write the SHA-256 of the certificate/],
  ["webhooks: { a: { verify: mtls, proxy: envoy } }\n", /webhooks\.a: Say which client it is, by fingerprint, subject or name/],
  ["webhooks: { a: { verify: github, secret: x, from: 10.0.0.7 } }\n", /webhooks\.a\.from: Only mtls take this/],
  ["webhooks: { a: { verify: mtls, proxy: traefik, subject: CN=a } }\nserve: { listen: \"0.0.0.0:8400\" }\n", /:1:\d+ .*say where the proxy is, from: 10\.0\.0\.7/],
  ["webhooks: { A: { verify: github, secret: x } }\n", /webhooks.* A webhook is named by lower-case letters, digits and -\./],
  ["serve: { listen: here }\n", /serve\.listen: Write an address and a port: "127\.0\.0\.1:8400", or /],
  ["serve: { listen: \"0.0.0.0:8400\", metrics: true }\n", /:1:\d+ .*serve\.metrics: Others reach 0\.0\.0\.0:8400, and metrics name workflows, servers and tools\. Give them a token, .*, or an address of their own/],
  ["webhooks: { a: { verify: github, secret: x } }\nserve: { metrics: true }\n", /:2:\d+ .*Webhooks or the links of approvals lead to this address too, so others reach it through a proxy/],
  ["serve: { listen: \"[::1]:9\", metrics: { listen: \"[::1]:9\" } }\n", /This is the address of serve\.listen; leave it out/],
  ["serve: { metrics: false }\n", /serve\.metrics/],
  ...["https://ada:hunter2@o.example", "https://token@o.example", "https://o.example/?a", "https://o.example?", "https://o.example/#", "ftp://o.example", "o.example"].map((url): [string, RegExp] => [`approvals: { links: { url: "${url}", key: x } }\n`, /approvals\.links\.url: Write where people reach this process, without a password/]),
  ["plain: 1\nsecrets: 2\npolcy: {}\n", /:1:1 .*\n.*:2:1 .*\n.*:3:1 .*Did you mean policy\?/],
])("%j is told in the words of its file, in the order of its lines", (text, told) => {
  expect(faults(text).join("\n")).toMatch(told);
});

test.each([
  ["a key twice", "secrets: []\nsecrets: []\n", "offstage.yaml:2:1"],
  ["an alias", "secrets: &a []\nplain: *a\n", "offstage.yaml:2:8"],
  ["bad YAML", "secrets: [\n", "offstage.yaml:"],
  ["__proto__", "__proto__: {}\n", "offstage.yaml:1:1"],
  ["a tag of another language", "secrets: !!js/function x\n", "offstage.yaml:"],
  ["a list", "- 1\n", "offstage.yaml:1:1"],
])("%s is a fault, not a crash", (_what, text, place) => {
  expect(faults(text).join("\n")).toContain(place);
});

test("hostile nesting and very many keys are refused or read in no time to speak of", () => {
  expect(faults(`a: ${"[".repeat(60_000)}`).join()).toContain("Nested more than");
  expect(faults(`${"- ".repeat(5000)}a`).join()).toContain("Nested more than");
  expect(faults(Array.from({ length: 8000 }, (_, index) => `k${index}: 1`).join("\n"))).toHaveLength(50);
});
