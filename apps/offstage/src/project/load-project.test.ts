import { createRedactor } from "offstage/base";
import { afterEach, expect, test } from "vitest";
import { linkTo } from "../approvals/link-maker.ts";
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

test("a link to answer by is kept out of texts by every command, whoever made it and with which key", () => {
  const link = linkTo({ id: "r1", hash: "h" }, "ada", { url: "https://o.example", keys: ["another-key"], maxAgeMs: 60_000 }, 0);
  project = createTestProject({ "offstage.yaml": 'approvals: { links: { url: "https://o.example", key: "${env:KEY_THAT_IS_NOT_HERE}" } }\n' });
  const redactor = createRedactor();
  loadProject(project.folder, { env: {}, redactor });
  expect(redactor.redact(`open ${link}`)).toBe("open https://o.example/approve/[redacted approval link]");
});
