import { type ErrorCode, isOffstageError, OffstageError } from "../../base/index.ts";
import { ANY_TURNS } from "./turns-table.ts";

/** What went wrong, by SQLSTATE or by the code of Node's socket; the first that fits decides. A code ends at the first letter that is not there. */
const CODES: readonly (readonly [prefix: string, code: ErrorCode, what: string, hint: string])[] = [
  ["28", "STORE_REFUSED", "does not let this user in", "See the user and the password in store.postgres of offstage.yaml, and pg_hba.conf on the server."],
  ["3D000", "STORE_REFUSED", "has no such database", "Make it (createdb), or name another one in store.postgres of offstage.yaml."],
  ["3F000", "STORE_REFUSED", "has no such schema, and this user may not make it", "Have an administrator make it, owned by this user: CREATE SCHEMA offstage AUTHORIZATION …"],
  ["42501", "STORE_REFUSED", "does not give this user the rights that a store needs", "Have an administrator make a schema that this user owns: CREATE SCHEMA offstage AUTHORIZATION …"],
  ["25006", "STORE_UNAVAILABLE", "takes no writes now: it is a standby, or read-only", "Name the primary in store.postgres of offstage.yaml."],
  ["55000", "STORE_UNAVAILABLE", "takes no writes now: it is a standby", "Name the primary in store.postgres of offstage.yaml."],
  ["53100", "STORE_FULL", "could not grow: its disk is full", "Free space on the server's disk, then run the same command again: it goes on where it was."],
  ["53", "STORE_UNAVAILABLE", "has no room for another connection", "Raise max_connections on the server, or run fewer processes."],
  ["55P03", "STORE_LOCKED", "is in use by another process that does not finish writing", "Let the other command end, then run this one again. pg_stat_activity tells which connection holds the lock."],
  ["40", "STORE_LOCKED", "is in use by others that write the same rows", "Only Offstage should write in the store's schema. Run the same command again: it goes on where it was."],
  ["57", "STORE_UNAVAILABLE", "is starting, or was shut down", "See that the server runs, then run the same command again: it goes on where it was."],
  ["08", "STORE_UNAVAILABLE", "broke the connection", "See that the server runs, then run the same command again: it goes on where it was."],
  ["XX001", "STORE_CORRUPT", "reports damaged data", "Keep a copy of its files as they are, then restore a backup. Do not drop anything: it knows which writes were made."],
  ["XX002", "STORE_CORRUPT", "reports a damaged index", "Keep a copy of its files as they are, then restore a backup. Do not drop anything: it knows which writes were made."],
  // Our statements are fixed and the schema was ours when it was opened, so what is missing was lost.
  ["42P01", "STORE_CORRUPT", "has lost a table of the store", "Keep what is there, then restore a backup: the store knows which writes were made."],
  ["42703", "STORE_CORRUPT", "has lost a column of the store", "Keep what is there, then restore a backup: the store knows which writes were made."],
  ["54000", "VALUE_INVALID", "cannot keep a key as long as this one", "A key of a record, of a loop and of an event may have about 2,000 characters together with those around it."],
  ["ENOENT", "STORE_REFUSED", "is named with a file that is not there", "See sslrootcert, sslcert and sslkey in the URL of store.postgres."],
  ["EACCES", "STORE_REFUSED", "is named with a file that this user may not read", "See sslrootcert, sslcert and sslkey in the URL of store.postgres."],
  ["ENOTFOUND", "STORE_UNAVAILABLE", "cannot be found: there is no host of that name", "See the host in store.postgres of offstage.yaml."],
  ["EAI_AGAIN", "STORE_UNAVAILABLE", "cannot be found: names are not resolved now", "See this machine's network and DNS."],
  ["ECONNREFUSED", "STORE_UNAVAILABLE", "does not take connections", "See that the server runs and listens on that address, and the host and port in store.postgres of offstage.yaml."],
  ["ERR_TLS", "STORE_REFUSED", "shows a certificate of another host", "Name the host that the certificate is for, or give the authority that signed it: ?sslmode=verify-full&sslrootcert=FILE"],
  ["CERT_", "STORE_REFUSED", "shows a certificate that does not hold", "Renew it, or give the authority that signed it: ?sslmode=verify-full&sslrootcert=FILE"],
  ["SELF_SIGNED", "STORE_REFUSED", "shows a certificate that nobody here trusts", "Give the authority that signed it in the URL: ?sslmode=verify-full&sslrootcert=FILE"],
  ["DEPTH_ZERO", "STORE_REFUSED", "shows a certificate that nobody here trusts", "Give the authority that signed it in the URL: ?sslmode=verify-full&sslrootcert=FILE"],
  ["UNABLE_TO_", "STORE_REFUSED", "shows a certificate that nobody here trusts", "Give the authority that signed it in the URL: ?sslmode=verify-full&sslrootcert=FILE"],
  ["E", "STORE_UNAVAILABLE", "cannot be reached", "See that the server runs and that the network lets this machine reach it."],
];

/** What the driver says without a code. */
const SAID: readonly (readonly [said: RegExp, like: string])[] = [
  [/does not support SSL/, "NO_TLS"],
  [/password must be a (non-empty )?string|no password/i, "28P01"],
  [/terminated|timeout|closed|not queryable|ended|reset/i, "08006"],
];

const TURNS_GONE = new RegExp(`"${ANY_TURNS}"`);

/** What the driver threw, as one of our errors; what is ours already stays. `place` names server and database, without user and password. */
export function postgresError(thrown: unknown, place: string): OffstageError {
  if (isOffstageError(thrown)) return thrown;
  const code = codeOf(thrown);
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === "NO_TLS") return new OffstageError("STORE_REFUSED", `PostgreSQL at ${place} speaks no TLS, which sslmode in the URL asks for.`, { hint: "Turn ssl on at the server; where the network is trusted, write sslmode=disable.", cause: thrown });
  if (code.startsWith("28") && /no encryption|SSL off/.test(detail)) return new OffstageError("STORE_REFUSED", `PostgreSQL at ${place} lets nobody in without TLS (${detail}).`, { hint: "Add ?sslmode=verify-full to the URL, and sslrootcert=FILE where its authority is your own.", cause: thrown });
  if (code === "42P01" && TURNS_GONE.test(detail)) return new OffstageError("STORE_NEWER", `The store in PostgreSQL at ${place} was brought to a newer version while this process used it. Nothing more is written by this process.`, { hint: "Update this Offstage too, then start it again: every process of a store has to be of one version.", cause: thrown });
  const found = CODES.find(([prefix]) => code.startsWith(prefix));
  if (found === undefined) return new OffstageError("BUG", `PostgreSQL at ${place} refused a statement: ${code} ${detail}`.trimEnd(), { cause: thrown });
  const [, ours, what, hint] = found;
  return new OffstageError(ours, `PostgreSQL at ${place} ${what} (${detail}).`, { hint, cause: thrown });
}

/** Whether the server asks for the transaction to be made again. */
export function isConflict(thrown: unknown): boolean {
  return ["40001", "40P01"].includes(codeOf(thrown));
}

/** Whether the connection is of no use after this: it is gone, or the server is about to close it. */
export function endsConnection(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return /^(08|57P0|25P0[34])/.test(code) || (code.startsWith("E") && !code.startsWith("ERR_ASSERTION"));
}

/** Whether the same may succeed in a while without anybody's doing: the server said it, and not we of what we found. */
export function mayPass(error: OffstageError): boolean {
  return error.code === "STORE_UNAVAILABLE" && error.cause !== undefined;
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "";
  if ("code" in thrown && typeof thrown.code === "string" && thrown.code !== "") return thrown.code;
  // Several addresses were tried; the first failure is as good as any.
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  const text = thrown instanceof Error ? thrown.message : "";
  return SAID.find(([said]) => said.test(text))?.[1] ?? "";
}
