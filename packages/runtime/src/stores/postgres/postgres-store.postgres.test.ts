import { createFakeClock } from "../../testing/fake-clock.ts";
import { newPostgresPlace } from "../../testing/postgres-place.ts";
import { retentionSuite } from "../../testing/retention.suite.ts";
import { sharedStoreSuite } from "../../testing/shared-store.suite.ts";
import { storeSuite } from "../../testing/store.suite.ts";
import type { StoreUnderTest } from "../../testing/store-under-test.ts";

const clock = createFakeClock();
const postgres: StoreUnderTest = { name: "PostgreSQL", newPlace: () => Promise.resolve(newPostgresPlace(clock)) };

storeSuite(postgres);
sharedStoreSuite(postgres);
retentionSuite(postgres);
