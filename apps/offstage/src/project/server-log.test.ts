import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServerLog } from "./server-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a line has its time and its server, and nothing that could steer the terminal of who reads the file", () => {
  const log = createServerLog(folder, () => 0);
  log.append("demo", "ready \u001b[2J\u001b]0;gone\u0007 \u202e");
  expect(readFileSync(log.file, "utf8")).toBe("1970-01-01T00:00:00.000Z demo ready \\u001b[2J\\u001b]0;gone\\u0007 \\u202e\n");
});

test("the log and its folder are their owner's alone", () => {
  const log = createServerLog(folder, () => 0);
  log.append("demo", "ready");
  expect([log.file, dirname(log.file)].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(["600", "700"]);
});
