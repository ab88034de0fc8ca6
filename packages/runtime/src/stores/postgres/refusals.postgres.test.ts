import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOffstageError, type OffstageError } from "../../base/index.ts";
import { MIGRATIONS } from "../../sql/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { freePort } from "../../testing/free-port.ts";
import { newPostgresPlace, type PostgresPlace } from "../../testing/postgres-place.ts";
import { sampleBinding, sampleRun } from "../../testing/store-samples.ts";
import { codeOf } from "../../testing/store-under-test.ts";
import { openPostgresStore } from "./index.ts";
import { createPostgresStore } from "./postgres-store.ts";

const clock = createFakeClock();
let place: PostgresPlace;
beforeEach(() => { place = newPostgresPlace(clock); });
afterEach(() => place.remove());

/** What opening fails with. */
async function refusal(change: (url: URL) => void, schema = place.schema): Promise<OffstageError> {
  const url = new URL(place.url);
  change(url);
  const error: unknown = await openPostgresStore({ url: url.href, schema, clock }).then((store) => store.close(), (thrown: unknown) => thrown);
  if (!isOffstageError(error)) throw new Error("It was opened.", { cause: error });
  expect(error.hint).toMatch(/\S/);
  for (const secret of ["throw-away", "not-this-one"]) expect(`${error.message} ${error.hint}`).not.toContain(secret);
  return error;
}

test("a wrong password, and a user that is not there, are refused without saying the password", async () => {
  expect(await refusal((url) => { url.password = "not-this-one"; })).toMatchObject({ code: "STORE_REFUSED", message: expect.stringMatching(/127\.0\.0\.1:\d+\/postgres does not let this user in/) });
  expect(await refusal((url) => { url.username = "nobody"; })).toMatchObject({ code: "STORE_REFUSED" });
  expect(await refusal((url) => { url.password = ""; })).toMatchObject({ code: "STORE_REFUSED" });
});

test("a database that is not there is refused with how to make it", async () => {
  expect(await refusal((url) => { url.pathname = "/missing"; })).toMatchObject({ code: "STORE_REFUSED", hint: expect.stringContaining("createdb") });
});

test("a server that is not there, or takes no connections, is away", async () => {
  const port = await freePort();
  expect(await refusal((url) => { url.port = String(port); })).toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(`127.0.0.1:${port}/postgres does not take connections`) });
  expect(await refusal((url) => { url.hostname = "nowhere.invalid"; })).toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("something that is no PostgreSQL is told from one", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  expect((await refusal((url) => { url.port = String(port); })).code).toMatch(/^STORE_/);
  server.close();
});

test("a server without TLS is refused when the URL asks for it", async () => {
  expect(await refusal((url) => { url.search = "?sslmode=require"; })).toMatchObject({ code: "STORE_REFUSED", message: expect.stringContaining("speaks no TLS") });
  await (await openPostgresStore({ url: `${place.url}?sslmode=disable`, schema: place.schema, clock })).close();
});

test("an older server is refused with the version that it needs to have", async () => {
  const opening = createPostgresStore({ url: place.url, schema: place.schema, markFile: null, clock, newId: () => "id", lockTimeoutMs: 1_000, patienceMs: 0, oldest: 990_000 });
  await expect(opening).rejects.toMatchObject({ code: "STORE_REFUSED", message: expect.stringMatching(/is version \d+.*; a store needs 99 or newer/) });
});

test("a database of another encoding is refused", async () => {
  const name = `latin_${randomBytes(4).toString("hex")}`;
  await place.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`);
  expect(await refusal((url) => { url.pathname = `/${name}`; })).toMatchObject({ code: "STORE_REFUSED", message: expect.stringContaining("LATIN1") });
  await place.query(`DROP DATABASE ${name}`);
});

test("a store of a newer version is left as it is", async () => {
  await (await place.open()).close();
  await place.query(`INSERT INTO migrations VALUES (${MIGRATIONS.length + 1}, 0)`);
  expect(await refusal(() => undefined)).toMatchObject({ code: "STORE_NEWER" });
});

test("a schema with something else in it is left as it is", async () => {
  await place.query(`CREATE SCHEMA ${place.schema}; CREATE TABLE ${place.schema}.migrations (id int)`);
  expect(await refusal(() => undefined)).toMatchObject({ code: "STORE_UNAVAILABLE", hint: expect.stringContaining("store.schema") });
  expect(await place.query(`SELECT tablename FROM pg_tables WHERE schemaname = '${place.schema}'`)).toEqual([{ tablename: "migrations" }]);
});

test("a store that lost a table is damaged", async () => {
  const store = await place.open();
  await place.query("DROP TABLE effects");
  expect(await codeOf(store.transact({ durable: true }, (tx) => tx.listEffects({ limit: 1 })))).toBe("STORE_CORRUPT");
  await store.close();
});

test("a key that the server cannot index is refused as a value, and nothing is stored", async () => {
  const store = await place.open();
  const long = randomBytes(8_000).toString("base64");
  expect(await codeOf(store.transact({ durable: true }, (tx) => tx.putBinding(sampleBinding(long))))).toBe("VALUE_INVALID");
  expect(await store.transact({ durable: true }, (tx) => tx.countBindings("leaks", "ticket"))).toBe(0);
  await store.close();
});

test("a user with no rights but on a schema of its own has a store there, and in no other", async () => {
  const role = `app_${randomBytes(4).toString("hex")}`;
  await place.query(`CREATE ROLE ${role} LOGIN PASSWORD 'throw-away'; CREATE SCHEMA ${place.schema} AUTHORIZATION ${role}`);
  const asRole = (url: URL): void => { url.username = role; };
  const url = new URL(place.url);
  asRole(url);
  const store = await openPostgresStore({ url: url.href, schema: place.schema, clock });
  await store.transact({ durable: true }, (tx) => tx.putRun(sampleRun()));
  await store.close();
  expect(await refusal(asRole, `${place.schema}_other`)).toMatchObject({ code: "STORE_REFUSED", hint: expect.stringContaining("CREATE SCHEMA") });
  await place.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
});
