import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProjectFolder } from "./project-folder.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "offstage-project-")));
  mkdirSync(join(root, "a/b"), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("the nearest folder with a config is the project", () => {
  writeFileSync(join(root, "mcp.json"), "");
  writeFileSync(join(root, "a/offstage.yaml"), "");
  expect(findProjectFolder(join(root, "a/b"), null)).toBe(join(root, "a"));
  expect(findProjectFolder(root, null)).toBe(root);
});

test("a named folder is taken as it is, relative to where one stands", () => {
  writeFileSync(join(root, "a/mcp.json"), "");
  expect(findProjectFolder(root, "a")).toBe(join(root, "a"));
  expect(() => findProjectFolder(root, "a/b")).toThrow(/has no mcp.json/);
  expect(() => findProjectFolder(root, "nowhere")).toThrow(/There is no folder/);
});

test("without a project it says how to make one", () => {
  expect(() => findProjectFolder(join(root, "a/b"), null)).toThrow(expect.objectContaining({ code: "PROJECT_NOT_FOUND", hint: expect.stringContaining("offstage init") as string }));
});

test("where only other clients have servers, it says how they are imported", () => {
  writeFileSync(join(root, "a/b/.mcp.json"), "{}");
  expect(() => findProjectFolder(join(root, "a/b"), null)).toThrow(expect.objectContaining({ hint: ".mcp.json is of another MCP client; its servers can be imported, without their secrets: offstage init --import all" }));
  expect(() => findProjectFolder(root, "a/b")).toThrow(expect.objectContaining({ hint: expect.stringMatching(/--import all --project .*a\/b$/) as string }));
});
