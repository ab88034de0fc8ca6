import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** `*.python.test.ts`: tests of both languages together, which need what `npm run test:python` installs and tells. */
const { test = {}, ...rest } = usual;
export default defineConfig(mergeConfig(rest, { test: { ...test, include: ["demo/*.python.test.ts", "apps/*/src/**/*.python.test.ts", "packages/*/src/**/*.python.test.ts", "conformance/**/*.python.test.ts", "scripts/**/*.python.test.ts"], exclude: ["**/node_modules/**"], passWithNoTests: true } }));
