import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createTestProject } from "../testing/command-line.ts";

// What servers have besides tools, and what they say and ask while they are called, at the command line.

const server = (name: string) => ({ command: process.execPath, args: [fileURLToPath(new URL(`../../../../packages/runtime/src/testing/servers/${name}.ts`, import.meta.url))] });
const project = createTestProject({
  "mcp.json": JSON.stringify({ mcpServers: { notes: server("changing"), shop: server("workshop"), asking: server("asking") } }),
  "offstage.yaml": 'policy: { classes: [{ server: asking, tool: "*", effect: read }] }\nservers: { asking: { elicitation: { answer: { project: "${env:PATH}" } }, roots: [.] } }\n',
});
afterAll(() => project.remove());

const result = async (...argv: readonly string[]): Promise<unknown> => {
  const { out } = await project.run(...argv, "--json");
  return (JSON.parse(out) as { readonly result: unknown }).result;
};

test("resources are listed with their templates, and read as a workflow reads them", async () => {
  expect((await project.run("read", "notes")).out).toBe("notes  note://a       a\nnotes  note://b       b\nnotes  note://{name}  note\n");
  expect(await result("read", "notes", "note://a")).toEqual({ text: "edition 1", content: [{ uri: "note://a", text: "edition 1" }] });
});

test("a template is not read, but asked how it may go on", async () => {
  expect(await project.run("read", "notes", "note://{name}")).toMatchObject({ code: 2, err: expect.stringContaining("--complete name=") as string });
  expect(await project.run("read", "notes", "note://{name}", "--complete", "name=a")).toMatchObject({ code: 0, out: "ada\nalan\n", err: expect.stringContaining("There are more") as string });
  expect(await project.run("read", "shop", "x://{y}", "--complete", "y=")).toMatchObject({ code: 2, err: expect.stringContaining("does not say how arguments may go on") as string });
});

test("prompts are listed with their arguments, and got as a workflow gets them", async () => {
  expect((await project.run("prompt", "notes")).out).toBe("notes  greet(who)\n");
  expect(await result("prompt", "shop", "praise", "--args", '{"what":"hammers"}')).toMatchObject({ text: "praise hammers\n42" });
  expect(await project.run("prompt", "notes", "greet")).toMatchObject({ code: 2, err: expect.stringMatching(/error USAGE: The prompt greet of notes needs who\.\nhint: Write: offstage prompt notes greet --args '\{"who":"…"\}'\n {2}\| It takes:\n {2}\| who/) as string });
  expect(await project.run("prompt", "shop", "praise", "--args", '{"what":1}')).toMatchObject({ code: 2, err: expect.stringContaining("JSON object of texts") as string });
  expect(await project.run("read", "shop")).toMatchObject({ code: 0, out: "There are no resources.\n" });
});

test("a call shows how far it is, and answers what its server asks by the settings; the log tells both", async () => {
  expect((await project.run("call", "asking.steps")).err).toMatch(/asking\.steps … 1 of 2: step 1/);
  expect(await result("call", "asking.form", "--no-learn")).toEqual({ action: "accept", content: { project: process.env["PATH"], count: 3, kind: "bug" } });
  expect(await result("call", "asking.folders", "--no-learn")).toMatchObject({ roots: [{ uri: `file://${project.folder}` }] });
  const log = project.read(".offstage/logs/servers.log");
  expect(log).toContain("asks: Which project?");
  expect(log).toContain("warning: ");
});
