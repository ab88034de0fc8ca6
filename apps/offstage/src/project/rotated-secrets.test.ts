import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRedactor, type Redactor } from "offstage/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestProject, type TestProject } from "../testing/command-line.ts";
import { loadProject, type Project } from "./load-project.ts";

// Secrets of a mount as Kubernetes makes it: links that lead through `..data`, which is swapped as a whole. A process runs meanwhile.

const FIRST = "the-first-secret-0123";
const SECOND = "the-second-secret-456";
const REF = "${file:mount/secret}";
const SERVERS = { far: { url: "https://far.example/mcp", headers: { "X-Key": REF } }, near: { command: "near", env: { NEAR_KEY: REF } }, named: { command: "named", env: { KEY: "${secret:secret}" } }, bearer: { url: "https://bearer.example/mcp" }, client: { url: "https://client.example/mcp" } };
const SETTINGS = {
  servers: { bearer: { auth: { kind: "bearer", token: REF } }, client: { auth: { kind: "client-credentials", clientId: "us", clientSecret: REF, issuer: "https://auth.example" } } },
  store: { postgres: `postgresql://us:${REF}@db.example/app` },
  webhooks: { hook: { verify: "github", secret: REF } },
  queues: { orders: { kind: "redis", url: `redis://:${REF}@10.0.0.7` } },
  serve: { metrics: { token: REF }, api: { tokens: [{ name: "ada", role: "viewer", token: REF }] } },
};

let folder: TestProject;
let notes: string[];
let redactor: Redactor;
let project: Project;
let version = 0;

function mount(secret: string | null): void {
  const base = join(folder.folder, "mount");
  mkdirSync(join(base, `..${++version}`), { recursive: true });
  if (secret !== null) writeFileSync(join(base, `..${version}`, "secret"), `${secret}\n`);
  symlinkSync(`..${version}`, join(base, "..next"));
  renameSync(join(base, "..next"), join(base, "..data"));
  if (version > 1) rmSync(join(base, `..${version - 1}`), { recursive: true });
}

beforeEach(() => {
  version = 0;
  folder = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: SERVERS }), "offstage.yaml": JSON.stringify(SETTINGS) });
  mount(FIRST);
  symlinkSync("..data/secret", join(folder.folder, "mount/secret"));
  [notes, redactor] = [[], createRedactor()];
  project = loadProject(folder.folder, { env: { CREDENTIALS_DIRECTORY: join(folder.folder, "mount") }, redactor, note: (text) => void notes.push(text) });
});
afterEach(() => folder.remove());

/** Who uses a secret: how to begin, and what is used each time from then on. */
const USERS: Readonly<Record<string, () => () => unknown>> = {
  "a header": () => configOf("far", "http").headersNow ?? fail,
  "a variable of a server": () => configOf("near", "stdio").envNow ?? fail,
  "a secret by its name": () => configOf("named", "stdio").envNow ?? fail,
  "a bearer token": () => authOf("bearer"),
  "the secret of an OAuth client": () => authOf("client"),
  "the password of the store": () => project.postgres()?.urlNow ?? fail,
  "the secret of a webhook": () => {
    const [source] = project.webhooks();
    return () => source?.scheme;
  },
  "the password of a queue": () => () => project.queue("orders"),
  "the token of the metrics": () => project.metricsTokens(),
  "a token of the API": () => project.apiTokens(),
};
const fail = (): never => {
  throw new Error("It is not asked for again.");
};

function configOf<K extends "http" | "stdio">(name: string, kind: K) {
  const { config } = project.server(name);
  if (config.kind !== kind) throw new Error(`${name} is ${config.kind}`);
  return { ...config } as Extract<typeof config, { kind: K }>;
}

function authOf(name: string): () => unknown {
  const { auth } = configOf(name, "http");
  return () => (auth?.kind === "bearer" ? auth.token : auth?.kind === "client-credentials" ? auth.clientSecret : fail());
}

describe.each(Object.entries(USERS))("%s", (_, begin) => {
  const uses = (now: () => unknown): string => JSON.stringify(now());

  test("is the new one after a swap, and both are kept out of texts", () => {
    const now = begin();
    expect(uses(now)).toContain(FIRST);
    mount(SECOND);
    expect(uses(now)).toContain(SECOND);
    expect(uses(now)).not.toContain(FIRST);
    expect(redactor.redact(`${FIRST} and ${SECOND}`)).toMatch(/^\[redacted [^\]]+\] and \[redacted [^\]]+\]$/);
    expect(notes).toEqual([]);
  });

  test("is what it was before while the file is gone or empty or too short, which is said once, and the next one is taken", () => {
    const now = begin();
    for (const bad of [null, "", "short"]) {
      mount(bad);
      for (let again = 0; again < 3; again++) expect(uses(now)).toContain(FIRST);
    }
    expect(notes.length).toBeGreaterThan(0);
    for (const note of notes) expect(note).toMatch(/(used on|used again)\.$/);
    expect(new Set(notes).size).toBe(notes.length);
    mount(SECOND);
    expect(uses(now)).toContain(SECOND);
  });
});
