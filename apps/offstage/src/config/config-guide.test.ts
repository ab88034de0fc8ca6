import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseServers } from "./server-entry.ts";
import { parseSettings } from "./settings.ts";

const GUIDE = readFileSync(new URL("../../../../docs/guides/config.md", import.meta.url), "utf8");

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(GUIDE)?.[1] ?? "";
}

test("the settings that docs/guides/config.md shows are read as they stand", () => {
  expect(parseSettings(block("yaml"), "/project")).toMatchObject({ ok: true, settings: { timeoutsMs: new Map([["*", 60_000], ["jira", 60_000]]), auth: new Map([["ledger", expect.objectContaining({ kind: "client-credentials" })]]), tokens: { folder: "/project/.offstage/tokens", key: "${env:OFFSTAGE_KEY}" }, classes: [{ tool: "get_*" }], plain: ["JIRA_PROJECT_KEY"], inputs: { "github-token": "${env:GITHUB_TOKEN}" }, webhooks: [{ verify: "github", maxBytes: 1_048_576 }, { secrets: ["${env:SHOP_NEW}", "${env:SHOP_OLD}"], header: "x-signature", idHeader: "x-delivery" }, { idHeader: null }, { certificate: { proxy: "envoy", names: ["URI:spiffe://acme/partner"] } }], serve: { listen: { host: "127.0.0.1", port: 8400 }, opens: true, metrics: { listen: null, tokens: ["${secret:METRICS_TOKEN}"] } }, queues: [{ kind: "redis", field: "data", deadLetters: "orders:dead" }, { kind: "nats", consumer: "offstage" }, { kind: "sqs", region: "eu-central-1" }, { kind: "pubsub", url: null, deadLetters: "scans-dead" }, { stream: "jobs", maxAttempts: 10, holdMs: 30_000, maxBytes: 1_048_576 }], model: { use: "local/qwen3:8b", providers: [{ structured: false }, { key: "${env:OPENAI_API_KEY}", structured: true }] } } });
});

test("the servers that docs/guides/config.md shows are read as they stand", () => {
  expect(parseServers(block("json"))).toMatchObject({ ok: true, servers: [{ name: "jira" }] });
});
