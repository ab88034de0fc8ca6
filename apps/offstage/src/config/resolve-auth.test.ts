import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRedactor, type Redactor } from "offstage/base";
import type { HttpServerConfig, ServerAuth } from "offstage/mcp";
import { expect, test } from "vitest";
import type { AuthSettings } from "./auth-settings.ts";
import type { Sources } from "./references.ts";
import { withAuth } from "./resolve-auth.ts";
import { parseSettings } from "./settings.ts";

const SECRETS = { A_SECRET: "swordfish-1234", B_SECRET: "marlin-5678", ID_TOKEN: "identity-token-1" };
const sources: Sources = { env: SECRETS, folder: "/project", isSecret: () => true, inputs: { declared: new Map(), values: {} }, run: null };

function resolved(settings: AuthSettings): { readonly auth: ServerAuth | undefined; readonly redactor: Redactor } {
  const redactor = createRedactor();
  const server = withAuth({ config: { name: "ledger", kind: "http", url: "https://ledger.example/mcp", headers: {} }, target: "", secrets: [] }, settings, sources, redactor);
  return { auth: (server.config as HttpServerConfig).auth, redactor };
}

const own = { clientId: "offstage", issuer: "https://auth.example" };

test("the settings that docs/guides/auth.md shows are read as they stand, one of each kind", () => {
  const guide = readFileSync(new URL("../../../../docs/guides/auth.md", import.meta.url), "utf8");
  const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  expect(blocks).toHaveLength(1);
  const parsed = parseSettings(blocks[0] ?? "", "/project");
  expect(parsed).toMatchObject({ ok: true });
  if (!parsed.ok) return;
  expect(new Set([...parsed.settings.auth.values()].map(({ kind }) => kind))).toEqual(new Set(["login", "client-credentials", "private-key-jwt", "enterprise", "bearer"]));
});

test("secrets are resolved, and registered with the form in which they are sent", () => {
  const { auth, redactor } = resolved({ kind: "client-credentials", ...own, clientSecret: "${env:A_SECRET}", scope: "read write" });
  expect(auth).toEqual({ kind: "client-credentials", ...own, clientSecret: "swordfish-1234", scope: "read write" });
  expect(redactor.redact(`swordfish-1234 ${Buffer.from("offstage:swordfish-1234").toString("base64")}`)).not.toMatch(/swordfish|b2Zmc3RhZ2U6/);
});

test("what stands in the file itself is kept out of texts too", () => {
  for (const settings of [{ kind: "bearer", token: "token-in-the-file" }, { kind: "private-key-jwt", ...own, privateKey: "key-in-the-file" }] as const) {
    expect(resolved(settings).redactor.redact("token-in-the-file key-in-the-file")).toContain("[redacted");
  }
});

test.each([["ec", { namedCurve: "P-384" }, "ES384"], ["ec", { namedCurve: "P-256" }, "ES256"], ["rsa", { modulusLength: 2048 }, "RS256"], ["ed25519", {}, "EdDSA"]] as const)("a key of the kind %s %j is used with %s", (kind, options, algorithm) => {
  const privateKey = (generateKeyPairSync as (kind: string, options: object) => { privateKey: KeyObject })(kind, options).privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  expect(resolved({ kind: "private-key-jwt", ...own, privateKey }).auth).toMatchObject({ algorithm });
});

test("an identity token is read anew whenever it is used", () => {
  const env: Record<string, string> = { ...SECRETS };
  const redactor = createRedactor();
  const settings = { kind: "enterprise", ...own, clientSecret: "${env:A_SECRET}", provider: { issuer: "https://idp.example", clientId: "idp", clientSecret: "${env:B_SECRET}", idToken: "${env:ID_TOKEN}" } } as const;
  const { config } = withAuth({ config: { name: "crm", kind: "http", url: "https://crm.example/mcp", headers: {} }, target: "", secrets: [] }, settings, { ...sources, env }, redactor);
  const { auth } = config as HttpServerConfig;
  env["ID_TOKEN"] = "identity-token-2";
  expect(auth?.kind === "enterprise" ? auth.provider.idToken() : null).toBe("identity-token-2");
  expect(redactor.redact("identity-token-1 identity-token-2 marlin-5678")).not.toMatch(/identity-token-|marlin/);
});

test("a missing secret is told with its place", () => {
  expect(() => resolved({ kind: "bearer", token: "${env:GONE}" })).toThrow(expect.objectContaining({ code: "SECRET_MISSING", message: expect.stringContaining("servers.ledger.auth") as string }) as Error);
});

test.each([
  ["{ kind: magic }", /Write kind: "login"/],
  ["{ kind: client-credentials, clientId: a, clientSecret: b }", /has no issuer/],
  ["{ kind: client-credentials, clientId: a, clientSecret: b, issuer: auth.example }", /no URL/],
  ["{ kind: login, clientSecret: a }", /needs its clientId and its issuer/],
  ["{ kind: login, scopes: a }", /There is no setting "scopes"/],
  ["{ kind: login, scope: \"a,b\" }", /separated by spaces/],
  ["{ kind: login, port: 70000 }", /port/],
  ["{ token: a }", /kind/],
])("%s is told at its place", (auth, message) => {
  const parsed = parseSettings(`servers:\n  ledger:\n    auth: ${auth}\n`, "/project");
  expect(parsed).toMatchObject({ ok: false, diagnostics: [{ file: "offstage.yaml", line: 3, message: expect.stringMatching(message) as string }] });
});
