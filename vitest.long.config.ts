import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

/** `*.long.test.ts`: tests like the others that need more time than `npm test` may take. */
const { test = {}, ...rest } = usual;
export default defineConfig(mergeConfig(rest, { test: { ...test, include: ["apps/*/src/**/*.long.test.ts", "packages/*/src/**/*.long.test.ts", "conformance/**/*.long.test.ts", "demo/**/*.long.test.ts", "scripts/**/*.long.test.ts"], exclude: ["**/node_modules/**", "demo/project/**", "demo/.project/**"] } }));
