import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestProject, type TestProject, workshopConfig } from "../testing/command-line.ts";

// A server whose secret a program gives: who needs the server runs the program, once; nobody else does.

const SECRET = "correct-horse-from-a-vault";

let project: TestProject;
beforeAll(() => {
  project = createTestProject({ "vault.mjs": `import { appendFileSync } from "node:fs";\nappendFileSync("asked", "x");\nconsole.log("${SECRET}");\n` });
  const { mcpServers } = JSON.parse(workshopConfig()) as { mcpServers: { workshop: object } };
  const token = `\${exec:${process.execPath} vault.mjs}`;
  const idle = { command: "no-such-command", args: [token] };
  project.write("mcp.json", JSON.stringify({ mcpServers: { workshop: { ...mcpServers.workshop, env: { A: token, B: `Bearer ${token}` } }, idle } }));
});
afterAll(() => project.remove());

const asked = (): string => (existsSync(join(project.folder, "asked")) ? readFileSync(join(project.folder, "asked"), "utf8") : "");

test("a command that needs no server runs no program; one that does runs it once, and shows nothing of it", async () => {
  expect(await project.run("runs")).toMatchObject({ code: 0 });
  expect(asked()).toBe("");
  const called = await project.run("call", "workshop.echo", "--yes", "--args", JSON.stringify({ text: `it is ${SECRET}` }));
  expect(called.out + called.err).toContain(`[redacted ${process.execPath.split("/").at(-1) ?? ""}]`);
  expect(called.out + called.err).not.toContain(SECRET);
  expect(asked()).toBe("x");
});
