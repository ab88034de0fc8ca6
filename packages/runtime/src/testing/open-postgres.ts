/** Run as a process of its own: `open-postgres.ts URL SCHEMA`. Opens the store, takes a fencing token, and says the store's id and the token. */
import { writeSync } from "node:fs";
import { openPostgresStore } from "../stores/postgres/index.ts";
import { createFakeClock } from "./fake-clock.ts";

const [url = "", schema = ""] = process.argv.slice(2);
const store = await openPostgresStore({ url, schema, clock: createFakeClock() });
const fence = await store.transact({ durable: true }, (tx) => tx.nextFence());
writeSync(1, `${store.id} ${fence}`);
await store.close();
