import type { ServerConfig } from "offstage/mcp";
import { expect, test } from "vitest";
import { credentialKey } from "./credential-key.ts";

function key(config: Partial<Extract<ServerConfig, { kind: "http" }>>, secrets: readonly string[] = [], store = "store-1"): string {
  return credentialKey({ config: { name: "jira", kind: "http", url: "https://jira.example/mcp", headers: {}, ...config }, target: "https://jira.example/mcp", secrets }, store);
}

test("entries with the same secrets are one credential, however they are called and send them", () => {
  const one = key({ name: "jira" }, ["token-12345"]);
  expect(key({ name: "again", url: "https://other.example/mcp" }, ["token-12345"])).toBe(one);
  expect(key({}, ["token-12345", "Bearer token-12345"])).toBe(one);
  expect(key({ auth: { kind: "bearer", token: "token-12345" } })).toBe(one);
  expect(key({}, ["b-secret-1", "a-secret-1"])).toBe(key({}, ["a-secret-1", "b-secret-1"]));
});

test("another secret, another client and another store are another one", () => {
  const client = { clientId: "offstage", clientSecret: "secret-1", issuer: "https://auth.example", scope: null };
  const keys = [
    key({}, ["token-12345"]), key({}, ["token-54321"]), key({}, ["token-12345", "token-54321"]), key({}, ["token-12345"], "store-2"),
    key({ auth: { kind: "client-credentials", ...client } }), key({ auth: { kind: "client-credentials", ...client, clientId: "other" } }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test("without secrets it is the server by its name, and so is a login, which is a person's", () => {
  expect(key({ name: "one" })).not.toBe(key({ name: "other" }));
  const auth = { kind: "login", clientId: null, clientSecret: null, clientMetadataUrl: null, issuer: null, scope: null } as const;
  expect(key({ name: "one", auth }, ["not-asked-1"])).toBe(key({ name: "one" }));
});

test("what is kept of a secret is the same for very many secrets, so that none can be told by it", () => {
  const kept = key({}, ["swordfish"]);
  const guesses = Array.from({ length: 40_000 }, (_, index) => `swordfish-${index}`).filter((guess) => key({}, [guess]) === kept);
  expect(guesses.length).toBeGreaterThanOrEqual(2);
  expect(kept).toHaveLength(3);
});
