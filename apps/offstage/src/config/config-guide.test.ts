import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseServers } from "./server-entry.ts";
import { parseSettings } from "./settings.ts";

const GUIDES = new URL("../../../../docs/guides/", import.meta.url);
const GUIDE = readFileSync(new URL("config.md", GUIDES), "utf8");

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(GUIDE)?.[1] ?? "";
}

test("the settings that docs/guides/config.md shows are read as they stand", () => {
  expect(parseSettings(block("yaml"), "/project")).toMatchObject({ ok: true, settings: { timeoutsMs: new Map([["*", 60_000], ["jira", 60_000]]), auth: new Map([["ledger", expect.objectContaining({ kind: "client-credentials" })]]), tokens: { folder: "/project/.offstage/tokens", key: "${env:OFFSTAGE_KEY}" }, classes: [{ tool: "get_*" }], plain: ["JIRA_PROJECT_KEY"], inputs: { "github-token": "${env:GITHUB_TOKEN}" }, webhooks: [{ verify: "github", maxBytes: 1_048_576 }, { secrets: ["${env:SHOP_NEW}", "${env:SHOP_OLD}"], header: "x-signature", idHeader: "x-delivery" }, { idHeader: null }, { certificate: { proxy: "envoy", names: ["URI:spiffe://acme/partner"] } }], serve: { listen: { host: "127.0.0.1", port: 8400 }, opens: true, metrics: { listen: null, tokens: ["${secret:METRICS_TOKEN}"] } }, queues: [{ kind: "redis", field: "data", deadLetters: "orders:dead" }, { kind: "nats", consumer: "offstage" }, { kind: "sqs", region: "eu-central-1" }, { kind: "pubsub", url: null, deadLetters: "scans-dead" }, { stream: "jobs", maxAttempts: 10, holdMs: 30_000, maxBytes: 1_048_576 }], model: { use: "local/qwen3:8b", providers: [{ structured: false }, { key: "${env:OPENAI_API_KEY}", structured: true }] } } });
});

test("the servers that docs/guides/config.md shows are read as they stand", () => {
  expect(parseServers(block("json"))).toMatchObject({ ok: true, servers: [{ name: "jira" }] });
});

/** A block of settings, or settings in the middle of a sentence; of those with `…` in them something is left out. */
const SHOWN = /^```yaml.*\n([\s\S]*?)^```|`((?:approvals|dryRun|policy|queues|retention|serve|servers|store|tokens|webhooks): [^`…]+)`/gm;
/** Settings of `serve`, and a source of webhooks, without what is around them. */
const INSIDE = [[/`((?:metrics|retry|reload|concurrency): [^`…]+)`/g, "serve: { listen: \"127.0.0.1:8400\", SHOWN }"], [/`(\w+: \{ verify: [^`…]+)`/g, "webhooks: { SHOWN }"]] as const;

function shownSettings(guide: string): readonly string[] {
  return [...[...guide.matchAll(SHOWN)].map(([, block, inline]) => block ?? inline ?? ""), ...INSIDE.flatMap(([pattern, around]) => [...guide.matchAll(pattern)].map(([, inline = ""]) => around.replace("SHOWN", () => inline)))];
}

test("whatever settings a guide shows are settings, in its blocks and in its sentences", () => {
  const shown = readdirSync(GUIDES).filter((page) => page.endsWith(".md")).flatMap((page) => shownSettings(readFileSync(new URL(page, GUIDES), "utf8")).map((text) => ({ page, text })));
  expect(shown.map((one) => ({ ...one, parsed: parseSettings(one.text, "/project") })).filter(({ parsed }) => !parsed.ok)).toEqual([]);
  expect(shown.length).toBeGreaterThan(20);
});
