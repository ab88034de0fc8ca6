import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RECORDED, recordDemo } from "./record.ts";

const PROJECT = join(import.meta.dirname, "project");

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-record-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Which of two parallel tickets comes first is not told; which calls there are is. */
function callsOf(fixture: string | undefined): readonly string[] {
  const { calls } = JSON.parse(fixture ?? "") as { readonly calls: readonly { readonly server: string; readonly tool: string; readonly class: string; readonly value: unknown }[] };
  return calls.map(({ server, tool, class: said, value }) => `${said} ${server}.${tool} ${Object.keys(value ?? {}).join()}`);
}

it("its lock is what the servers offer now, and its fixture the calls that they answer (node demo/record-main.ts writes both)", async () => {
  const recorded = await recordDemo(dir);
  const kept = new Map(RECORDED.map((path) => [path, readFileSync(join(PROJECT, path), "utf8")]));
  const [lock, fixture] = RECORDED;
  expect(recorded.get(lock)).toBe(kept.get(lock));
  expect(callsOf(recorded.get(fixture))).toEqual(callsOf(kept.get(fixture)));
}, 60_000);
