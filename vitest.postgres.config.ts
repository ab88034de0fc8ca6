import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** `*.postgres.test.ts`: tests over a real PostgreSQL, which is started before them. */
const { test = {}, ...rest } = usual;
export default defineConfig(mergeConfig(rest, {
  test: { ...test, include: ["packages/*/src/**/*.postgres.test.ts", "apps/*/src/**/*.postgres.test.ts"], exclude: ["**/node_modules/**"], globalSetup: ["scripts/house/postgres-for-tests.ts"], testTimeout: 120_000 },
}));
