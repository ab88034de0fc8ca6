import { createFakeClock } from "../../testing/fake-clock.ts";
import { foreignStoreSuite } from "../../testing/foreign-store.suite.ts";
import { newPostgresPlace, type PostgresPlace } from "../../testing/postgres-place.ts";
import { retentionSuite } from "../../testing/retention.suite.ts";
import { sharedStoreSuite } from "../../testing/shared-store.suite.ts";
import { storeSuite } from "../../testing/store.suite.ts";
import type { StoreUnderTest } from "../../testing/store-under-test.ts";

const clock = createFakeClock();
const postgres: StoreUnderTest = { name: "PostgreSQL", newPlace: () => Promise.resolve(newPostgresPlace(clock)) };

storeSuite(postgres);
sharedStoreSuite(postgres);
retentionSuite(postgres);
foreignStoreSuite(postgres, async (place) => void (await (place as PostgresPlace).query("INSERT INTO meta (name, meta_value) VALUES ('language', '\"python\"')")));
