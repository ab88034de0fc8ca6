import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { retentionSuite } from "../../testing/retention.suite.ts";
import { sharedStoreSuite } from "../../testing/shared-store.suite.ts";
import { storeSuite } from "../../testing/store.suite.ts";
import type { StoreUnderTest } from "../../testing/store-under-test.ts";
import { openSqliteStore } from "./index.ts";

const clock = createFakeClock();

const onDisk: StoreUnderTest = {
  name: "SQLite on disk",
  async newPlace() {
    const folder = await mkdtemp(join(tmpdir(), "offstage-store-"));
    return { open: () => openSqliteStore({ file: join(folder, "store.db"), clock }), remove: () => rm(folder, { recursive: true }) };
  },
};

storeSuite({ name: "SQLite in memory", newPlace: async () => ({ open: () => openSqliteStore({ memory: true, clock }), remove: async () => undefined }) });
storeSuite(onDisk);
sharedStoreSuite(onDisk);
retentionSuite(onDisk);
