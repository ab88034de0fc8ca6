import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres.ts";
import { openPostgresStore } from "./index.ts";

const clock = createFakeClock();
const AUTHORITY = join(tmpdir(), `offstage-tls-${process.pid}.crt`);
let server: PostgresServer;

/** A server with a certificate of its own for 127.0.0.1, which lets nobody in without TLS. */
beforeAll(async () => {
  server = await startPostgres();
  const data = server.query("SHOW data_directory");
  const [key, certificate] = [join(data, "server.key"), join(data, "server.crt")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], { stdio: "ignore" });
  chmodSync(key, 0o600);
  const { uid, gid } = statSync(data);
  for (const file of [key, certificate]) chownSync(file, uid, gid);
  writeFileSync(AUTHORITY, readFileSync(certificate));
  writeFileSync(join(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
  appendFileSync(join(data, "postgresql.auto.conf"), "ssl = on\n");
  await server.crash();
  await server.restart();
});
afterAll(async () => {
  await server.stop();
  rmSync(AUTHORITY, { force: true });
});

const open = async (query: string): Promise<void> => (await openPostgresStore({ url: `${server.url}${query}`, clock })).close();

test("a server that wants TLS is told from one that refuses the user", async () => {
  await expect(open("")).rejects.toMatchObject({ code: "STORE_REFUSED", message: expect.stringContaining("lets nobody in without TLS"), hint: expect.stringContaining("sslmode=verify-full") });
});

test("sslmode means what it means to psql: encrypted with require, proven with verify-full, by the authority that is named", async () => {
  await open("?sslmode=require");
  await expect(open("?sslmode=verify-full")).rejects.toMatchObject({ code: "STORE_REFUSED", message: expect.stringContaining("nobody here trusts"), hint: expect.stringContaining("sslrootcert") });
  await expect(open("?sslmode=verify-full&sslrootcert=/nowhere/ca.crt")).rejects.toMatchObject({ code: "STORE_REFUSED", message: expect.stringContaining("/nowhere/ca.crt") });
  await open(`?sslmode=verify-full&sslrootcert=${encodeURIComponent(AUTHORITY)}`);
});
