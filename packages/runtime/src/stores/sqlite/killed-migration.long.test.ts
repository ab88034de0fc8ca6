import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS } from "../../sql/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { expectOldContent } from "../../testing/old-content.ts";
import { makeOldStore, schemaOf, sumOf } from "../../testing/old-stores.ts";
import { FROM_CACHE } from "../../testing/test-servers.ts";
import { openSqliteStore } from "./index.ts";

const OPENER = fileURLToPath(new URL("../../testing/open-and-die.ts", import.meta.url));
/** Every so manieth statement of an opening; it has about fifty. */
const STEP = 2;

let folder = "";
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "offstage-killed-migration-")); });
afterEach(() => rm(folder, { recursive: true }));

test("a process that is killed in the middle of a migration leaves the old store or the new one, and the next opens it", async () => {
  const [versions, ends]: [unknown[], unknown[]] = [[], []];
  for (let at = 1; ; at += STEP) {
    const file = join(folder, `store-${at}.db`);
    const tables = makeOldStore(1, file);
    const before = { sums: await sumOf(file, tables), schema: schemaOf(file) };
    const opened = spawnSync(process.execPath, [...FROM_CACHE, OPENER, file, String(at)], { stdio: ["ignore", "ignore", "inherit"] });
    const after = schemaOf(file);
    expect([MIGRATIONS.length, JSON.stringify(before.schema)]).toContain(after.version === 1 ? JSON.stringify(after) : after.version);
    expect(await sumOf(file, tables)).toEqual(before.sums);
    versions.push(after.version);
    const store = await openSqliteStore({ file, clock: createFakeClock() });
    await expectOldContent(store, 1);
    await store.close();
    expect(schemaOf(`${file}.before-${MIGRATIONS.length}`)).toEqual(before.schema);
    ends.push(opened.signal ?? opened.status);
    if (opened.signal === null) break;
  }
  expect(versions.length).toBeGreaterThan(20);
  expect(ends.slice(-2)).toEqual(["SIGKILL", 0]);
  expect([versions[0], versions.at(-1)]).toEqual([1, MIGRATIONS.length]);
  expect(versions).toEqual(versions.toSorted((a, b) => Number(a) - Number(b)));
}, 240_000);
