import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRedactor } from "offstage/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProjectCompiler } from "../project/compile.ts";
import { loadProject } from "../project/load-project.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { readSource } from "./read-source.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

async function read(workflow: string) {
  const project = loadProject(desk.folder, { env: {}, redactor: createRedactor() });
  return readSource(project, createProjectCompiler(project), workflow);
}

test("what belongs to a workflow is its text, its servers with their pins and profiles, and the settings as they stand", async () => {
  const { source } = await read("announce");
  expect([...source.sources.keys()]).toEqual(["workflows/announce.ts"]);
  expect([Object.keys(source.servers), [...source.lock.servers.keys()], source.profiles.map(({ server }) => server)]).toEqual([["desk"], ["desk"], ["desk"]]);
});

test("a server that a text imports and does not use belongs to it, because the text is checked with it; one that it does not import does not", async () => {
  desk.write("workflows/idle.ts", 'import { every, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "idle", description: "", on: [every("1h")] }, async () => 1);\n');
  desk.write("workflows/alone.ts", 'import { every, workflow } from "offstage";\nexport default workflow({ name: "alone", description: "", on: [every("1h")] }, async () => 1);\n');
  expect(Object.keys((await read("idle")).source.servers)).toEqual(["desk"]);
  expect(Object.keys((await read("alone")).source.servers)).toEqual([]);
});

test("files of the project that a server is started with are told: the export has none of them", async () => {
  const before = readFileSync(join(desk.folder, "mcp.json"), "utf8");
  const { mcpServers: { desk: entry } } = JSON.parse(before) as { readonly mcpServers: { readonly desk: { readonly env: object } } };
  desk.write("preload.mjs", "");
  const started = { ...entry, env: { ...entry.env, NODE_OPTIONS: "--import=${workspaceFolder}/preload.mjs --trace-warnings", DOCS: "https://docs.example/preload.mjs", GONE: "./gone.mjs" } };
  desk.write("mcp.json", JSON.stringify({ mcpServers: { desk: started } }));
  const { warnings } = await read("announce");
  desk.write("mcp.json", before);
  expect(warnings.filter((text) => /preload|gone/.test(text))).toEqual([expect.stringMatching(/^The export does not have what servers are started with on this machine: .*, \$\{workspaceFolder\}\/preload\.mjs \(desk\)\. Put each where mcp\.json names it there\.$/)]);
});

test("what own code imports from npm is taken along in the version that the project takes, or told", async () => {
  mkdirSync(join(desk.folder, "workflows/own"));
  desk.write("workflows/own/slugs.ts", `import slugify from "slugify";
import { parse } from "@scope/dates/parse";
import { readFile } from "node:fs/promises";
import { join } from "path";
import { near } from "./near.ts";
import type { Time } from "offstage";
import "beside";
import constructor from "constructor";
export async function slug(text: string): Promise<string> { const { unheard } = await import("unheard-of"); return unheard(slugify(near + parse(join(text, String(readFile))))); }
`);
  desk.write("workflows/own/near.ts", `export const near = "";\n`);
  desk.write("package.json", JSON.stringify({ dependencies: { slugify: "^1.6.6", beside: "file:../beside" }, devDependencies: { "@scope/dates": "2.0.0", vitest: "5.0.0" } }));
  desk.write("workflows/slugged.ts", 'import { every, workflow } from "offstage";\nimport { slug } from "./own/slugs.ts";\nexport default workflow({ name: "slugged", description: "", on: [every("1h")] }, async () => slug("a"));\n');
  const { source: { packages }, warnings } = await read("slugged");
  expect([packages, warnings]).toEqual([{ "@scope/dates": "2.0.0", slugify: "^1.6.6" }, ["beside", "constructor", "unheard-of"].map((name) => expect.stringContaining(`imports ${name}, of which package.json names no version`) as unknown)]);
});

test("own code is taken as a whole, whatever its files are and however deep they lie; what is left of it, and what it imports from elsewhere, is told", async () => {
  for (const folder of ["deep/er", "node_modules/x"]) mkdirSync(join(desk.folder, "workflows/own", folder), { recursive: true });
  desk.write("workflows/own/slugs.ts", `import { near } from "./deep/er/near.mts";
import table from "./table.json" with { type: "json" };
import { far } from "../../shared.ts";
import { old } from "./old.cjs";
import { image } from "./logo.png";
import { also } from "../slugged.ts";
import { part } from "#part";
export async function slug(text: string): Promise<string> { return [near, table, far, old, image, also, part, text].join(""); }
`);
  desk.write("workflows/own/deep/er/near.mts", `export { near } from "../far.mjs";\n`);
  desk.write("workflows/own/deep/far.mjs", `export const near = 1;\n`);
  desk.write("workflows/own/table.json", "{}");
  desk.write("workflows/own/old.cjs", "");
  writeFileSync(join(desk.folder, "workflows/own/logo.png"), Buffer.from([0x89, 0x50, 0xff]));
  desk.write("workflows/own/.env", "");
  desk.write("workflows/own/node_modules/x/index.ts", "");
  symlinkSync("../../mcp.json", join(desk.folder, "workflows/own/out.json"));
  symlinkSync("table.json", join(desk.folder, "workflows/own/same.json"));
  const { source, warnings } = await read("slugged");
  expect([...source.sources.keys()].toSorted()).toEqual(["workflows/own/deep/er/near.mts", "workflows/own/deep/far.mjs", "workflows/own/near.ts", "workflows/own/old.cjs", "workflows/own/same.json", "workflows/own/slugs.ts", "workflows/own/table.json", "workflows/slugged.ts"]);
  expect(warnings).toEqual([
    ...["workflows/own/.env, which is hidden", "workflows/own/node_modules, which is installed anew", "workflows/own/out.json, a link that leads out", "workflows/own/logo.png, which is no text"].map((left) => `without ${left}.`),
    ...["../../shared.ts", "./logo.png", "#part"].map((far) => `workflows/own/slugs.ts imports ${far}, which the export does not have: put it below workflows/own, as a file of text.`),
  ]);
  desk.write("workflows/own/deep/er/key.json", `{ "key": "ghp_${"a1".repeat(18)}" }`);
  await expect(read("slugged")).rejects.toMatchObject({ code: "EXPORT_REFUSED", message: expect.stringContaining("workflows/own/deep/er/key.json:1: something that looks like a secret") as string });
  desk.write("workflows/own/deep/er/key.json", " ".repeat(10 * 1024 * 1024));
  await expect(read("slugged")).rejects.toMatchObject({ code: "EXPORT_REFUSED", message: "workflows/own has more than 10 MiB." });
  rmSync(join(desk.folder, "workflows/own/deep/er/key.json"));
});

test("webhooks and queues of other workflows are left out of offstage.yaml, with their secrets, and told; its comments stay", async () => {
  const text = desk.read("workflows/announce.ts");
  desk.write("workflows/announce.ts", text.replace('every("1h")', 'webhook("mine")').replace("import { ", "import { webhook, "));
  desk.write("offstage.yaml", `# Ours.
webhooks:
  mine: { verify: github, secret: "\${secret:MINE}" } # of the hub
  shop:
    verify: github
    secret: "\${secret:SHOP}"
queues: { jobs: { kind: redis, url: "redis://\${env:QUEUE_HOST}" } }
retention: { runs: 30d }
`);
  const { source, warnings } = await read("announce");
  desk.write("workflows/announce.ts", text);
  desk.write("offstage.yaml", "");
  expect(source.settingsText).toBe('# Ours.\nwebhooks:\n  mine: { verify: github, secret: "${secret:MINE}" } # of the hub\nretention: { runs: 30d }\n');
  expect([source.needs.secrets.map(({ name }) => name), source.needs.variables.map(({ name }) => name).filter((name) => name === "QUEUE_HOST")]).toEqual([["MINE"], []]);
  expect(warnings.filter((one) => one.startsWith("offstage.yaml"))).toEqual(["offstage.yaml: without webhooks.shop, which announce does not listen to.", "offstage.yaml: without queues.jobs, which announce does not listen to."]);
});

test("a variable in the URL of the store is a secret, whatever its name is, and so is one that has the whole URL of a queue", async () => {
  const text = desk.read("workflows/announce.ts");
  desk.write("workflows/announce.ts", text.replace('every("1h")', 'queue("jobs"), queue("mails")').replace("import { ", "import { queue, "));
  desk.write("offstage.yaml", 'store: { postgres: "${env:WHERE}" }\nqueues: { jobs: { kind: redis, url: "${env:QUEUE}" }, mails: { kind: redis, url: "redis://${env:QUEUE_HOST}" } }\n');
  const { source } = await read("announce");
  desk.write("workflows/announce.ts", text);
  desk.write("offstage.yaml", "");
  expect(source.needs.variables.map(({ name, secret }) => [name, secret])).toEqual([["QUEUE", true], ["QUEUE_HOST", false], ["WHERE", true]]);
});

test("the default of a variable is its text, not JSON's", async () => {
  const before = readFileSync(join(desk.folder, "mcp.json"), "utf8");
  const { mcpServers: { desk: entry } } = JSON.parse(before) as { readonly mcpServers: { readonly desk: { readonly env: object } } };
  desk.write("mcp.json", JSON.stringify({ mcpServers: { desk: { ...entry, env: { ...entry.env, GREETING: '${env:GREETING:-C:\\x "hi"}' } } } }));
  const { source } = await read("announce");
  desk.write("mcp.json", before);
  expect(source.needs.variables.find(({ name }) => name === "GREETING")?.fallback).toBe('C:\\x "hi"');
});
