import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** `*.broker.test.ts`: queues over real brokers, which the setup installs where they are missing. */
const { test = {}, ...rest } = usual;
export default defineConfig(mergeConfig(rest, { test: { ...test, globalSetup: ["scripts/install-brokers.ts"], include: ["apps/*/src/**/*.broker.test.ts", "packages/*/src/**/*.broker.test.ts"], exclude: ["**/node_modules/**"] } }));
