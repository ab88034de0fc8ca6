import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestProject, type TestProject } from "../testing/command-line.ts";

// What needs no server; the rest is in migrate.postgres.test.ts.

let project: TestProject;
beforeAll(() => { project = createTestProject({ "mcp.json": '{ "mcpServers": {} }' }); });
afterAll(() => project.remove());

test.each([
  [[], 2, "USAGE"],
  [["--from", "postgres", "--to", "sqlite"], 1, "NOT_YET"],
  [["--from", "sqlite", "--to", "postgres"], 2, "USAGE: offstage.yaml names no store in PostgreSQL"],
])("migrate %j is refused with what to write", async (argv, code, said) => {
  const end = await project.run("migrate", ...argv);
  expect([end.code, end.err]).toEqual([code, expect.stringContaining(said)]);
});
