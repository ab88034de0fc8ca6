import type { Client, ClientConfig } from "pg";
import { corrupt } from "../../sql/index.ts";
import { textFromPostgres } from "./dialect.ts";

/** How long a connection may take to come about, and a statement to be answered, in milliseconds: longer than anything a store asks for. */
const CONNECT_MS = 10_000;
const QUERY_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;

const INT8 = 20;
const TEXTS: readonly number[] = [25, 1043];

/** Connects to the server of `url`. Rejects with what the driver threw. */
export async function connectPostgres(url: string): Promise<Client> {
  const { default: pg } = await import("pg");
  const getTypeParser = ((oid: number, format: "text" | "binary") => {
    if (oid === INT8) return toNumber;
    return TEXTS.includes(oid) ? textFromPostgres : pg.types.getTypeParser(oid, format);
  }) as NonNullable<ClientConfig["types"]>["getTypeParser"];
  const client = new pg.Client({
    connectionString: asLibpq(url), types: { getTypeParser }, application_name: "offstage",
    connectionTimeoutMillis: CONNECT_MS, query_timeout: QUERY_MS, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  // One that nobody hears would end the process; whoever uses the connection is told by its next statement.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    dropPostgres(client);
    throw error;
  }
  return client;
}

/** Breaks the connection off, whatever it waits for. */
export function dropPostgres(client: Client): void {
  const { connection } = client as unknown as { readonly connection: { readonly stream: { destroy(): void } } };
  connection.stream.destroy();
}

/** `host:port/database` of a URL: what messages may name. */
export function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get("host") ?? hostname}:${searchParams.get("port") ?? (port || "5432")}${pathname}`;
}

/** `sslmode` means what it means to every other client of PostgreSQL. */
function asLibpq(url: string): string {
  const parsed = new URL(url);
  if (parsed.searchParams.has("sslmode") && !parsed.searchParams.has("uselibpqcompat")) parsed.searchParams.set("uselibpqcompat", "true");
  return parsed.href;
}

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw corrupt(`A row of the store has the number ${text}.`);
  return number;
}
