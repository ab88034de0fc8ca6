import { createRedactor } from "offstage/base";
import { afterEach, expect, test } from "vitest";
import { createTestProject, type TestProject, workshopConfig } from "../testing/command-line.ts";
import { loadProject } from "./load-project.ts";

let project: TestProject;
afterEach(() => project.remove());

/** What every object answers to. */
const NAMES = ["constructor", "toString", "valueOf", "hasOwnProperty"];

test.each(NAMES)("a server called %s is one like others: it has no settings that nobody wrote", (name) => {
  project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { [name]: { url: "https://acme.example/mcp" } } }) });
  const loaded = loadProject(project.folder, { env: {}, redactor: createRedactor() });
  expect([loaded.server(name).config, loaded.timeoutMs(name)]).toEqual([{ name, kind: "http", url: "https://acme.example/mcp", headers: {}, headersNow: expect.any(Function) as unknown }, 60_000]);
});

test("a server called constructor is locked", async () => {
  project = createTestProject({ "mcp.json": workshopConfig().replace('"workshop":', '"constructor":') });
  expect(await project.run("lock")).toMatchObject({ code: 0 });
  expect(project.read("offstage.lock")).toContain('"constructor"');
});
