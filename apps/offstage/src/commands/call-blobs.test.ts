import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestProject, type TestProject, workshopConfig } from "../testing/command-line.ts";

// Results with bytes in them, at the command line.

let project: TestProject;
beforeAll(() => {
  project = createTestProject({ "mcp.json": workshopConfig() });
});
afterAll(() => project.remove());

test("a picture is named and measured, and never printed; --save writes it into a file that says what it is", async () => {
  const shown = await project.run("call", "workshop.picture", "--yes", "--no-learn");
  expect(shown.code).toBe(0);
  expect(shown.out).toContain('"data": "blob:sha256:');
  expect(shown.out + shown.err).not.toContain("iVBORw0KGgo");
  expect(shown.err).toContain("image/png, 8 bytes: not kept; --save DIR writes it into a file.");
  const saved = await project.run("call", "workshop.picture", "--yes", "--no-learn", "--save", "pictures");
  const file = /8 bytes: (\S+\.png)/.exec(saved.err)?.[1] ?? "";
  expect(file.startsWith(join(project.folder, "pictures"))).toBe(true);
  expect(existsSync(file) && readFileSync(file).toString("base64")).toBe("iVBORw0KGgo=");
});

test("a folder that cannot be written is said, after the call was made", async () => {
  project.write("taken", "a file");
  const { code, err } = await project.run("call", "workshop.picture", "--yes", "--no-learn", "--save", "taken/here");
  expect(code).not.toBe(0);
  expect(err).toContain("The call was made.");
});
