import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor, isOffstageError } from "offstage/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { registerSecrets, resolveServer } from "./resolve-server.ts";
import { isSecretName, soundsSecret } from "./secret-names.ts";
import type { ServerEntry } from "./server-entry.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-secrets-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const VARIABLES = { JIRA_TOKEN: "tok-0123456789", SITE: "https://acme.example", EMPTY: "", SHORT_KEY: "abc", WHERE: "hidden place" };

function resolved(entry: Partial<Extract<ServerEntry, { kind: "stdio" }>>, settings: { readonly secrets: readonly string[]; readonly plain: readonly string[] } = { secrets: [], plain: [] }) {
  const redactor = createRedactor();
  const full: ServerEntry = { kind: "stdio", name: "jira", command: "jira-mcp", args: [], env: {}, cwd: null, envFile: null, ...entry };
  return { ...resolveServer(full, { env: VARIABLES, folder, isSecret: (name) => isSecretName(name, settings), inputs: { declared: new Map(), values: {} }, run: null }, redactor), redactor };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isOffstageError(error) ? `${error.code} ${error.message} ${error.hint ?? ""}` : String(error);
  }
  return "nothing was thrown";
}

test("references are replaced wherever they stand, and relative folders are the project's", () => {
  const { config } = resolved({ args: ["--site", "${env:SITE}/rest"], env: { URL: "${env:SITE}", PLAIN: "as it is" }, cwd: "tools" });
  expect(config).toEqual({ name: "jira", kind: "stdio", command: "jira-mcp", args: ["--site", "https://acme.example/rest"], env: { URL: "https://acme.example", PLAIN: "as it is" }, cwd: join(folder, "tools") });
});

test("a value is kept out of texts when its variable, its own name, or the settings say that it is a secret", () => {
  const { redactor } = resolved({ env: { A: "${env:JIRA_TOKEN}", API_KEY: "literal-secret", B: "${env:WHERE}" } }, { secrets: ["WHERE"], plain: [] });
  expect(redactor.redact("tok-0123456789 literal-secret hidden place")).toBe("[redacted JIRA_TOKEN] [redacted API_KEY] [redacted WHERE]");
});

test("files are secrets always, and lose their last line break", () => {
  writeFileSync(join(folder, "pw"), "from-a-file\n");
  const { config, redactor } = resolved({ env: { X: "${file:pw}" } });
  expect(config).toMatchObject({ env: { X: "from-a-file" } });
  expect(redactor.redact("it is from-a-file")).toBe("it is [redacted pw]");
});

test.each(["https://ada:correct-horse@shop.example/mcp", "https://ada@shop.example/mcp", "https://:correct-horse@shop.example/mcp", "${env:SITE_WITH_USER}"])("a user or a password in a server's url is refused, and not told: requests do not carry them (%s)", (url) => {
  const entry: ServerEntry = { kind: "http", name: "shop", url, headers: {} };
  const said = codeOf(() => resolveServer(entry, { env: { SITE_WITH_USER: "https://ada:correct-horse@shop.example/mcp" }, folder, isSecret: () => false, inputs: { declared: new Map(), values: {} }, run: null }, createRedactor()));
  expect(said).toMatch(/^CONFIG_INVALID mcp\.json: the server shop: .*user or a password/);
  expect(said).not.toContain("horse");
});

test.each([["https://${env:D_TOKEN}.invalid/mcp", "Swordfish-In-Host"], ["https://h.invalid/x-${env:D_TOKEN}/mcp", "Pw[1]{Swordfish}"]])("a secret in a url is kept out of what is told of the url when it was parsed (%s)", (url, token) => {
  const redactor = createRedactor();
  resolveServer({ kind: "http", name: "shop", url, headers: {} }, { env: { D_TOKEN: token }, folder, isSecret: soundsSecret, inputs: { declared: new Map(), values: {} }, run: null }, redactor);
  const shown = redactor.redact(new URL(url.replace("${env:D_TOKEN}", token)).href);
  expect(shown).toContain("[redacted D_TOKEN]");
  expect(shown).not.toMatch(/sword/i);
});

test("what is derived from a user and a token is kept out of texts too", () => {
  const { redactor } = resolved({ env: { JIRA_EMAIL: "ada@acme.example", JIRA_API_TOKEN: "${env:JIRA_TOKEN}" } });
  const header = `Basic ${Buffer.from("ada@acme.example:tok-0123456789").toString("base64")}`;
  expect(redactor.redact(header)).toBe("Basic [redacted JIRA_TOKEN]");
});

test("a password in a URL is kept out of texts, and out of the target", () => {
  const { redactor, target } = resolved({ args: ["--db=postgres://ada:correct-horse@db.example/app"] });
  expect(redactor.redact("correct-horse")).toBe("[redacted jira password]");
  expect(target).toBe("postgres://ada@db.example/app");
});

test("credentials in arguments, headers and connection strings are kept out of texts, and out of the target", () => {
  const entry = {
    args: ["--db", "postgres://a:first-horse@h1,postgres://b:second%2Dhorse@h2", "--api-key", "third-horse"],
    env: { DB_PASS: "fourth-horse", HEADERS: '{"Authorization":"Bearer fifth-horse"}', DATABASE: "Server=h.example;Password=sixth-horse", DSN: "ana:seventh-horse@tcp(h:1)/d", URL: "https://h.example/?token=eighth-horse", AUTH: "basic" },
  };
  const { redactor, target } = resolved(entry);
  for (const horse of ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]) expect(redactor.redact(`${horse}-horse`)).toMatch(/^\[redacted .*\]$/);
  expect(redactor.redact("second%2Dhorse")).toBe("[redacted jira password]");
  expect(target).toBe('DATABASE=Server=h.example;Password=*** DSN=ana@tcp(h:1)/d HEADERS={"Authorization":"***"} URL=https://h.example/ AUTH=basic postgres://a@h1 postgres://b@h2'.split(" ").toSorted().join(" "));
  expect(resolved({ ...entry, env: { ...entry.env, DATABASE: "Server=h.example;Password=another-horse" } }).target).toBe(target);
  expect(resolved({ ...entry, env: { ...entry.env, DATABASE: "Server=other.example;Password=sixth-horse" } }).target).not.toBe(target);
});

test("the target says which site, not how the server is started or with which secret", () => {
  const entry = { command: "npx", args: ["-y", "jira@1", "https://b.example"], env: { JIRA_BASE_URL: "${env:SITE}", API_TOKEN: "${env:JIRA_TOKEN}", NODE_OPTIONS: "--import x", LOG_LEVEL: "debug", AUTH: "${env:JIRA_TOKEN}", DB: "db://h/${env:JIRA_TOKEN}" } };
  expect(resolved(entry).target).toBe("DB=db://h/[JIRA_TOKEN] JIRA_BASE_URL=https://acme.example https://b.example");
  expect(resolved({ ...entry, command: "node", args: ["jira@2", "https://b.example"] }).target).toBe(resolved(entry).target);
  expect(resolved({ ...entry, env: { ...entry.env, JIRA_BASE_URL: "https://staging.example" } }).target).not.toBe(resolved(entry).target);
});

test.each([
  ["${env:NOT_THERE}", "SECRET_MISSING mcp.json: the server jira, X: the environment variable NOT_THERE is not set."],
  ["${env:EMPTY}", "is empty"],
  ["${file:nowhere}", "SECRET_MISSING mcp.json: the server jira, X: the file nowhere cannot be used"],
  ["${env:SHORT_KEY}", "SECRET_TOO_SHORT"],
  ["${exec:op read x}", "op is run when its server is needed"],
  ["${input:token}", 'inputs: { "token": "${env:TOKEN}" }'],
  ["${config:x}", "CONFIG_INVALID"],
  ["${env:A=1;id;B}", "CONFIG_INVALID"],
])("%s says what is wrong", (text, message) => {
  expect(codeOf(() => resolved({ env: { X: text } }))).toContain(message);
});

test("variables of an envFile stand for themselves, those that sound like secrets are some, and `env` is stronger", () => {
  writeFileSync(join(folder, "jira.env"), "# ours\nexport JIRA_URL=https://acme.example\nAPI_TOKEN='from-the-file'\nWHO=file\nODD=\"${env:SITE}\"\n");
  const { config, redactor, target } = resolved({ envFile: "${workspaceFolder}/jira.env", env: { WHO: "entry" } });
  expect(config).toMatchObject({ env: { JIRA_URL: "https://acme.example", API_TOKEN: "from-the-file", WHO: "entry", ODD: "${env:SITE}" } });
  expect(redactor.redact("from-the-file")).toBe("[redacted API_TOKEN]");
  expect(target).toBe("JIRA_URL=https://acme.example ODD=${env:SITE} WHO=entry");
  expect(codeOf(() => resolved({ envFile: "nowhere.env" }))).toContain("SECRET_MISSING mcp.json: the server jira, envFile: the file nowhere.env cannot be used");
});

test.each([["two lines", "swordfish-12\nswordfish-34"], ["other letters", "Ключ-swordfish"], ["a control character", "swordfish\u0007-1"]])("a header's value of %s is told before anything is sent, and is kept out of texts all the same", (_what, value) => {
  const redactor = createRedactor();
  const sources = { env: { T_TOKEN: value }, folder, isSecret: () => true, inputs: { declared: new Map(), values: {} }, run: null };
  const entry: ServerEntry = { kind: "http", name: "web", url: "https://x.example/mcp", headers: { "X-Key": "a ${env:T_TOKEN}" } };
  expect(codeOf(() => resolveServer(entry, sources, redactor))).toMatch(/^CONFIG_INVALID mcp\.json: the server web, X-Key: a header's value has no line break/);
  expect(codeOf(() => resolveServer(entry, sources, redactor))).not.toContain("swordfish");
  expect(redactor.redact(value)).toBe("[redacted T_TOKEN]");
  expect(() => resolveServer({ ...entry, headers: { "X-Key": "höher ${env:T_TOKEN}" } }, { ...sources, env: { T_TOKEN: "swordfish-12\n" } }, redactor)).not.toThrow();
});

test("what can be known of a server is kept out of texts although the rest is missing", () => {
  writeFileSync(join(folder, "jira.env"), "API_TOKEN=from-the-file\n");
  const redactor = createRedactor();
  const entry: ServerEntry = { kind: "stdio", name: "jira", command: "x", args: ["${exec:op read x}", "${env:JIRA_TOKEN} ${env:NOT_THERE}"], env: {}, cwd: null, envFile: "jira.env" };
  registerSecrets(entry, { env: VARIABLES, folder, isSecret: (name) => name === "API_TOKEN" || name === "JIRA_TOKEN", inputs: { declared: new Map(), values: {} }, run: null }, redactor);
  expect(redactor.redact("from-the-file tok-0123456789")).toBe("[redacted API_TOKEN] [redacted JIRA_TOKEN]");
});

test("a short value whose name only sounds like a secret can be listed as plain", () => {
  expect(codeOf(() => resolved({ env: { PROJECT_KEY: "PROD" } }))).toContain("listed under `plain:`");
  expect(resolved({ env: { PROJECT_KEY: "PROD" } }, { secrets: [], plain: ["PROJECT_KEY"] }).target).toBe("PROJECT_KEY=PROD");
});

test.each([
  ["GITHUB_PERSONAL_ACCESS_TOKEN", true],
  ["apiKey", true],
  ["AWS_SECRET_ACCESS_KEY", true],
  ["DB_PASSWORD", true],
  ["GOOGLE_CREDENTIALS", true],
  ["DB_PASS", true],
  ["dbPwd", true],
  ["SMTP_PW", true],
  ["PASSCODE", true],
  ["SEED", false],
  ["BASIC_AUTH", true],
  ["SESSION_COOKIE", true],
  ["SSH_PASSPHRASE", true],
  ["AZURE_DEVOPS_PAT", true],
  ["AUTH_URL", false],
  ["PWD", false],
  ["COMPASS", false],
  ["KEYBOARD", false],
  ["JIRA_BASE_URL", false],
])("%s: a secret by its name: %s", (name, secret) => {
  expect(isSecretName(name, { secrets: [], plain: [] })).toBe(secret);
});
