/**
 * The house: which room may import which (docs/ARCHITECTURE.md has the picture). The linter's configuration and the
 * architecture test are both made from this table, so that they cannot disagree.
 */
export interface Room {
  /** A room imports only rooms of lower levels; rooms of one level never meet. */
  readonly level: number;
  /** Exactly these. */
  readonly imports: readonly string[];
  /** Must run in a browser: no `node:` import, not even through another room. */
  readonly browserSafe: boolean;
}

/** Folders whose subfolders are the rooms: `stores/sqlite` is one, `stores/postgres` another, and they never meet. */
export const NESTED = ["hosts", "stores", "triggers", "exporters"] as const;

/** Where the rooms are, from the repository's root. */
export const ROOMS_FOLDER = "packages/runtime/src";

/** Fakes and shared suites: imported by tests only. */
export const TESTING_ROOM = "testing";

function room(level: number, imports: readonly string[], browserSafe = false): Room {
  return { level, imports, browserSafe };
}

const BELOW_STATE = ["program", "model", "base"];
const BELOW_HOST = ["engine", "calls", "effects", "gate", "records", "state", "schemas", "language", "mcp", "tools", ...BELOW_STATE];

/** Every room by its folder. A nested room that is not listed has the entry of its parent. */
export const ROOMS: Readonly<Record<string, Room>> = {
  base: room(0, [], true),
  api: room(0, [], true),
  program: room(1, ["base"], true),
  model: room(1, ["base"], true),
  regexp: room(1, ["base"], true),
  mcp: room(1, ["base"]),
  tools: room(1, ["base"], true),
  gate: room(2, ["model", "base"]),
  records: room(2, ["model", "base"]),
  state: room(2, BELOW_STATE),
  sql: room(3, ["state", ...BELOW_STATE]),
  schemas: room(2, ["regexp", "base"], true),
  bundle: room(2, ["program", "tools", "base"]),
  language: room(3, ["schemas", "program", "regexp", "tools", "base"], true),
  models: room(3, ["schemas", "base"]),
  engine: room(3, ["records", "regexp", ...BELOW_STATE]),
  calls: room(3, ["model", "tools", "base"]),
  effects: room(3, ["gate", "records", "state", "model", "base"]),
  host: room(4, BELOW_HOST),
  hosts: room(5, ["host", ...BELOW_HOST]),
  stores: room(5, ["sql", "state", ...BELOW_STATE]),
  native: room(5, ["host", ...BELOW_HOST]),
  triggers: room(5, ["host", ...BELOW_HOST]),
  rehearsal: room(5, ["host", ...BELOW_HOST]),
  exporters: room(5, ["bundle", "program", "tools", "base"]),
  insight: room(5, ["host", ...BELOW_HOST]),
  studio: room(5, ["host", ...BELOW_HOST]),
  telemetry: room(5, ["host", ...BELOW_HOST]),
};

/** Packages that only the named rooms may import; each is a facade over something large or replaceable. */
export const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  typescript: ["language"],
  re2js: ["regexp"],
  "@anthropic-ai/sandbox-runtime": ["mcp"],
  "@modelcontextprotocol/client": ["mcp"],
  "@modelcontextprotocol/server": ["studio"],
  "@modelcontextprotocol/ext-apps": ["studio"],
  zod: ["studio"],
  ai: ["models"],
  "@ai-sdk/openai-compatible": ["models"],
  ajv: ["schemas"],
  "better-sqlite3": ["stores"],
  pg: ["stores"],
  croner: ["triggers"],
  ioredis: ["triggers"],
  "@aws-sdk/client-sqs": ["triggers"],
  "@google-cloud/pubsub": ["triggers"],
  "@nats-io/jetstream": ["triggers"],
  "@nats-io/transport-node": ["triggers"],
  kysely: ["sql"],
  "@opentelemetry/api": ["telemetry"],
  "@opentelemetry/exporter-trace-otlp-proto": ["telemetry"],
  "@opentelemetry/resources": ["telemetry"],
  "@opentelemetry/sdk-trace": ["telemetry"],
  pino: ["telemetry"],
  "prom-client": ["telemetry"],
};

/** Packages that few projects need, in megabytes and milliseconds: who needs one loads it, and no command by being called. */
export const LOADED_LATE = ["pg", "ioredis", "@aws-sdk/client-sqs", "@google-cloud/pubsub", "@nats-io/jetstream", "@nats-io/transport-node", "@opentelemetry/exporter-trace-otlp-proto", "@opentelemetry/sdk-trace", "@hono/node-server", "pino", "prom-client"] as const;

/** Names that say nothing about what is inside. */
export const BANNED_NAMES = ["utils", "helpers", "common", "misc", "shared", "types", "manager", "service", "core"] as const;

/** Lines of a file, and of a function. */
export const LIMITS = { fileLines: 400, functionLines: 60 } as const;

/** The key of {@link ROOMS} for a room: nested rooms share their parent's entry. */
export function entryOf(name: string): string {
  return name.split("/")[0] ?? name;
}
