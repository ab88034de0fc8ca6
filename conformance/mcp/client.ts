import { createRedactor } from "offstage/base";
import { type Catalogue, createServerPool, DEFAULT_LOGIN, type Interaction, type ServerAuth } from "offstage/mcp";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { takeTurn } from "./turns.ts";

// The client under test of the protocol's own conformance suite: our pool and sessions, as a run uses them. The suite starts it with
// the URL of its server as the last argument, and says by variables which scenario it plays.

/** The machine may be busy; no scenario is about time limits. */
const PATIENCE_MS = 60_000;

const url = process.argv.at(-1) ?? "";
const scenario = process.env["MCP_CONFORMANCE_SCENARIO"] ?? "";
const context = JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}") as { readonly [name: string]: string | undefined } & { readonly toolCalls?: readonly { readonly name: string; readonly arguments?: object }[] };
const era = (process.env["MCP_CONFORMANCE_PROTOCOL_VERSION"] ?? "") < "2026" ? "legacy" : "modern";

/** The suite keeps what is said here with its results. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What `offstage.yaml` would say of the scenario's server. */
function authOf(): ServerAuth {
  const client = { clientId: context["client_id"] ?? "", issuer: null, scope: null };
  const clientSecret = context["client_secret"] ?? "";
  switch (scenario) {
    case "auth/client-credentials-jwt":
      return { kind: "private-key-jwt", ...client, privateKey: context["private_key_pem"] ?? "", algorithm: context["signing_algorithm"] ?? "" };
    case "auth/client-credentials-basic":
      return { kind: "client-credentials", ...client, clientSecret };
    case "auth/enterprise-managed-authorization": {
      const { idp_issuer: issuer = "", idp_token_endpoint: tokenEndpoint = "", idp_client_id: clientId = "", idp_id_token: idToken = "" } = context;
      return { kind: "enterprise", ...client, clientSecret, provider: { url: issuer, tokenEndpoint, clientId, clientSecret: null, idToken: () => idToken } };
    }
    default:
      return { ...DEFAULT_LOGIN, clientId: context["client_id"] ?? null, clientSecret: context["client_secret"] ?? null, issuer: context["issuer"] ?? null, clientMetadataUrl: "https://conformance-test.local/client-metadata.json" };
  }
}

/** A person who agrees: the suite's authorization servers redirect at once. */
function agree(): Promise<Interaction> {
  return Promise.resolve({
    redirectUrl: "http://localhost:3000/callback",
    async authorize(page) {
      const answer = await fetch(page, { redirect: "manual" });
      return new URL(answer.headers.get("location") ?? "").searchParams;
    },
    close: () => Promise.resolve(),
  });
}

const pool = createServerPool({
  servers: [{ name: "suite", kind: "http", url, headers: {}, auth: authOf(), era }],
  clock: realClock, redactor: createRedactor(), inheritedEnv: {}, clientVersion: "0.0.0", connectTimeoutMs: PATIENCE_MS, interact: agree,
  onStderr: (_server, line) => say(line),
  requests: () => ({ elicitation: { kind: "answer", fields: {} }, sampling: null, roots: [] }),
});

/** Arguments that a tool takes, as far as its schema tells. */
function argumentsFor(schema: unknown): { readonly [name: string]: string | number | boolean } {
  const { properties = {}, required = [] } = (schema ?? {}) as { readonly properties?: { readonly [name: string]: { readonly type?: string } }; readonly required?: readonly string[] };
  return Object.fromEntries(required.map((name) => [name, { number: 5, integer: 5, boolean: true }[properties[name]?.type ?? ""] ?? "text"]));
}

/** The calls that a scenario wants: those that it names, the schema that it wants to see again, or every tool once. */
function callsOf(tools: Catalogue["tools"]): readonly { readonly name: string; readonly args: object }[] {
  if (context.toolCalls !== undefined) return context.toolCalls.map(({ name, arguments: args = {} }) => ({ name, args }));
  const [shown, echo] = ["json_schema_2020_12_tool", "json_schema_echo"].map((name) => tools.find((tool) => tool.name === name));
  if (shown !== undefined && echo !== undefined) return [{ name: echo.name, args: { schema: shown["inputSchema"] } }];
  return tools.map((tool) => ({ name: tool.name, args: argumentsFor(tool["inputSchema"]) }));
}

await takeTurn(process.env);
try {
  const { tools } = await pool.catalogue("suite");
  for (const { name, args } of callsOf(tools)) {
    const reply = await (await pool.session("suite")).call(name, args as never, { timeoutMs: PATIENCE_MS });
    if (reply.kind === "error") say(`${name}: ${reply.error.code} ${reply.error.message}`);
  }
} finally {
  await pool.close();
}
