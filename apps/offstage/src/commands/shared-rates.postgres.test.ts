import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { newPostgresPlace } from "../../../../packages/runtime/src/testing/postgres-place.ts";
import { sharedRatesSuite } from "../testing/shared-rates.suite.ts";

// Rates that processes keep together, over a store in PostgreSQL.

sharedRatesSuite(() => {
  const { url, schema } = newPostgresPlace(createFakeClock());
  return `store: { postgres: "${url}", schema: ${schema} }\n`;
});
