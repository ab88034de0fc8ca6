import { createRedactor, type Redactor } from "offstage/base";
import { expect, test } from "vitest";
import type { Sources } from "./references.ts";
import { queueSettings } from "./queue-settings.ts";
import { resolveQueue } from "./resolve-queues.ts";

const sourcesOf = (env: Readonly<Record<string, string>>): Sources => ({ env, folder: "/project", isSecret: (name) => /PASSWORD|KEY/.test(name), inputs: { declared: new Map(), values: {} }, run: null });
const resolve = (queue: Parameters<typeof queueSettings>[0], env: Readonly<Record<string, string>> = {}, redactor: Redactor = createRedactor()) => resolveQueue(queueSettings(queue)[0] as ReturnType<typeof queueSettings>[number], sourcesOf(env), redactor);

test("a password in a URL is kept out of texts, as it stands and decoded, wherever it came from", () => {
  const redactor = createRedactor();
  expect(resolve({ q: { kind: "redis", url: "${env:URL}" } }, { URL: "rediss://ada:p%40ss-word-1@h:6379/2" }, redactor)).toMatchObject({ url: "rediss://ada:p%40ss-word-1@h:6379/2", stream: "q" });
  expect(redactor.redact("p%40ss-word-1 p@ss-word-1")).not.toMatch(/ss-word/);
  resolve({ q: { kind: "nats", url: "nats://short-token@h" } }, {}, redactor);
  expect(redactor.redact("short-token")).toContain("[redacted");
});

test("credentials are secrets as a whole, with the key inside; what AWS's client would find is one too", () => {
  const redactor = createRedactor();
  const account = JSON.stringify({ client_email: "a@b", private_key: "-----BEGIN KEY-----\\nline-of-the-key\\n-----END KEY-----" });
  expect(resolve({ q: { kind: "pubsub", project: "p", url: "http://127.0.0.1:8085", credentials: "${env:A_KEY}" } }, { A_KEY: account }, redactor)).toMatchObject({ endpoint: "127.0.0.1:8085", credentials: account });
  resolve({ q: { kind: "nats", url: "nats://h", credentials: "creds-of-a-user" } }, {}, redactor);
  resolve({ q: { kind: "sqs", url: "https://sqs.eu-central-1.amazonaws.com/1/q" } }, { AWS_SECRET_ACCESS_KEY: "key-of-the-machine" }, redactor);
  for (const secret of ["line-of-the-key", "creds-of-a-user", "key-of-the-machine"]) expect(redactor.redact(`x ${secret === "line-of-the-key" ? (JSON.parse(account) as { private_key: string }).private_key : secret}`)).not.toContain(secret);
});

test.each([
  [{ q: { kind: "redis", url: "http://h" } }, "its `url` is none of redis"],
  [{ q: { kind: "nats", url: "redis://h" } }, "its `url` is none of nats"],
  [{ q: { kind: "sqs", url: "redis://h", region: "r" } }, "its `url` is none of sqs"],
  [{ q: { kind: "pubsub", project: "p", credentials: "no-json-at-all" } }, "its `credentials` are no JSON"],
] as const)("%j is refused", (queue, why) => {
  expect(() => resolve(queue)).toThrow(why);
});
