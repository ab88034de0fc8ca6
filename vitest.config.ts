import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Small files that take long: where one of them is the last, all processors but one wait for it. */
const FIRST = ["conformance/conformance.test.ts", "commands/faults.test.ts", "commands/mcp.test.ts", "commands/own-code.test.ts", "effects/record.model.test.ts", "commands/apply.test.ts"];

/** As usual (what failed, then large files), but for {@link FIRST}. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification): boolean => FIRST.some((name) => moduleId.endsWith(name));
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}

export default defineConfig({
  resolve: { conditions: ["offstage-src"] },
  ssr: { resolve: { conditions: ["offstage-src"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "demo/**/*.test.ts", "conformance/**/*.test.ts", "scripts/**/*.test.ts"],
    // The tests of the demo's workflow are those of a project: `offstage test` runs them (demo/rehearsal.test.ts).
    // What needs more time than the tests may take: npm run test:long. What needs a PostgreSQL: npm run test:postgres; brokers of queues: npm run test:queues.
    exclude: ["**/node_modules/**", "**/*.long.test.ts", "**/*.postgres.test.ts", "**/*.broker.test.ts", "**/*.python.test.ts", "demo/project/**", "demo/.project/**"],
    globalSetup: ["scripts/house/bundle-test-servers.ts"],
    // Most of the time a file waits for processes that it started: as many files at a time as there are cores.
    maxWorkers: "100%",
    // Rooms keep no state between calls, so files may share one load of them: a fifth of the time went into loading each anew.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
