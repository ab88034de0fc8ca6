import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { foreignStoreSuite } from "../../testing/foreign-store.suite.ts";
import { retentionSuite } from "../../testing/retention.suite.ts";
import { sharedStoreSuite } from "../../testing/shared-store.suite.ts";
import { storeSuite } from "../../testing/store.suite.ts";
import type { StorePlace, StoreUnderTest } from "../../testing/store-under-test.ts";
import { openSqliteStore } from "./index.ts";

const clock = createFakeClock();

const files = new Map<StorePlace, string>();

const onDisk: StoreUnderTest = {
  name: "SQLite on disk",
  async newPlace() {
    const folder = await mkdtemp(join(tmpdir(), "offstage-store-"));
    const file = join(folder, "store.db");
    const place = { open: () => openSqliteStore({ file, clock }), remove: () => rm(folder, { recursive: true }) };
    files.set(place, file);
    return place;
  },
};

storeSuite({ name: "SQLite in memory", newPlace: async () => ({ open: () => openSqliteStore({ memory: true, clock }), remove: async () => undefined }) });
storeSuite(onDisk);
sharedStoreSuite(onDisk);
retentionSuite(onDisk);
foreignStoreSuite(onDisk, async (place) => {
  const database = new Sqlite(files.get(place));
  database.exec("INSERT INTO meta (name, meta_value) VALUES ('language', '\"python\"')");
  database.close();
});
