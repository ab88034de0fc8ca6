import { createRedactor, isOffstageError } from "offstage/base";
import type { BundleFile, ExportSource } from "offstage/bundle";
import { exportPython } from "offstage/exporters/python";
import { exportTypescript, typescriptProject } from "offstage/exporters/typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProjectCompiler } from "../project/compile.ts";
import { loadProject } from "../project/load-project.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { carryPrograms } from "./carry-programs.ts";
import { DEPLOY_TARGETS, deployFiles } from "./deploy-targets.ts";
import { readSource } from "./read-source.ts";

// Canaries in every place of a project that an export is made from: either there is no export, or none of its files has it, whatever the target.

/** As services make them; and what only its place says of. */
const TOKEN = "ghp_CANARYabcdefghij0123456789abcdefghi";
const WORD = "CANARYhunter2";
const STORE = 'store: { postgres: "${env:DATABASE_URL}" }\n';

let desk: DeskProject;
let entry: { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
beforeAll(async () => {
  desk = await createDeskProject();
  entry = (JSON.parse(desk.read("mcp.json")) as { readonly mcpServers: { readonly desk: typeof entry } }).mcpServers.desk;
  desk.write("workflows/slugged.ts", 'import { every, workflow } from "offstage";\nimport { slug } from "./own/slug.ts";\nexport default workflow({ name: "slugged", description: "", on: [every("1h")] }, async () => slug("a"));\n');
  desk.write("workflows/own/slug.ts", 'import slugify from "slugify";\nexport async function slug(text: string): Promise<string> { return slugify(text); }\n');
}, 60_000);
afterAll(() => desk.remove());

interface Planting {
  readonly files: Readonly<Record<string, string>>;
  readonly workflow?: string;
}

const mcp = (server: object, inputs?: readonly object[]): Planting => ({ files: { "mcp.json": JSON.stringify({ mcpServers: { desk: server }, inputs }) } });
const local = (more: object): Planting => mcp({ ...entry, ...more });
const variable = (name: string, value: unknown): Planting => local({ env: { ...entry.env, [name]: value } });
const settings = (text: string): Planting => ({ files: { "offstage.yaml": `${STORE}${text}` } });
const version = (text: unknown): Planting => ({ workflow: "slugged", files: { "package.json": JSON.stringify({ dependencies: { slugify: text } }) } });

async function read({ files, workflow = "announce" }: Planting): Promise<ExportSource> {
  desk.write("mcp.json", JSON.stringify({ mcpServers: { desk: entry } }));
  desk.write("offstage.yaml", STORE);
  desk.write("package.json", "{}");
  for (const [path, text] of Object.entries(files)) desk.write(path, text);
  const project = loadProject(desk.folder, { env: {}, redactor: createRedactor(), note: () => undefined });
  return (await readSource(project, createProjectCompiler(project), workflow)).source;
}

/** Every file of every target, but for Offstage itself. */
async function exported(source: ExportSource): Promise<readonly BundleFile[]> {
  const project = loadProject(desk.folder, { env: {}, redactor: createRedactor(), note: () => undefined });
  const programs = await carryPrograms(typescriptProject(source), project, [source.program.name]);
  const own = [...exportTypescript(source, { programs, libraries: [] }), ...exportPython(source, { library: { file: "offstage.whl", bytes: new Uint8Array() } })];
  const deployed = await Promise.all(DEPLOY_TARGETS.flatMap((target) => (["workflow", "python"] as const).map((language) => deployFiles(target, source, { language }))));
  return [...own, ...deployed.flat()];
}

const REFUSED: readonly (readonly [place: string, plant: () => Planting, where: string])[] = [
  ["a variable", () => variable("DESK_TOKEN", WORD), "mcp.json, desk"],
  ["a variable that the settings list", () => ({ files: { ...variable("LISTED", WORD).files, "offstage.yaml": `${STORE}secrets: [LISTED]\n` } }), "mcp.json, desk"],
  ["a variable without a name of its own", () => variable("1X", TOKEN), "mcp.json, desk"],
  ["the default of a variable, a token", () => variable("T", `\${env:T:-${TOKEN}}`), "mcp.json, desk"],
  ["the default of a variable, by what gets it", () => variable("DB_PASSWORD", `\${env:PLACE:-${WORD}}`), "mcp.json, desk"],
  ["the default of a variable, by its name", () => variable("PLACE", `\${env:DB_PASSWORD:-${WORD}}`), "mcp.json, desk"],
  ["the default of a variable, in Claude's form", () => variable("PLACE", `x \${DB_PASSWORD:-${WORD}}`), "mcp.json, desk"],
  ["the default of a variable, a URL", () => variable("DBX", `\${env:DBX:-postgres://u:${WORD}@h/db}`), "mcp.json, desk"],
  ["a default in an argument", () => local({ args: [...entry.args, "--token", `\${env:X:-${WORD}}`] }), "mcp.json, desk"],
  ["an argument", () => local({ args: [...entry.args, `--api-key=${WORD}`] }), "mcp.json, desk"],
  ["one of very many arguments", () => local({ args: [...entry.args, ...Array.from({ length: 250 }, () => "-v"), `--api-key=${WORD}`] }), "mcp.json, desk"],
  ["a line for a shell", () => local({ args: [...entry.args, `TOKEN=${WORD} exec node x.mjs`] }), "mcp.json, desk"],
  ["words of a program", () => variable("T", `\${exec:vault read -token ${TOKEN} x}`), "mcp.json, desk"],
  ["the password that a program is given", () => variable("T", `\${exec:vault login -password=${WORD}}`), "mcp.json, desk"],
  ["a header that a program sends", () => variable("T", `\${exec:curl -H "Authorization: Bearer ${WORD}" https://vault.example}`), "mcp.json, desk"],
  ["a file's path", () => variable("T", `\${file:/run/${TOKEN}}`), "mcp.json, desk"],
  ["the type of an entry", () => local({ type: TOKEN }), "mcp.json, desk"],
  ["a URL", () => mcp({ url: `https://h.example/mcp?api_key=${WORD}` }), "mcp.json, desk"],
  ["a choice of an input", () => mcp({ ...entry, env: { A: "${input:a}" } }, [{ id: "a", type: "pickString", options: [{ label: "x", value: TOKEN }] }]), "mcp.json, inputs"],
  ["what an input is given that is a password", () => ({ files: { ...mcp({ ...entry, env: { A: "${input:a}" } }, [{ id: "a", password: true }]).files, "offstage.yaml": `${STORE}inputs: { a: ${WORD} }\n` } }), "offstage.yaml, inputs.a"],
  ["a comment of the settings", () => settings(`# old token: ${TOKEN}\n`), "offstage.yaml:2"],
  ["a comment of the settings, a URL", () => settings(`# was redis://:${WORD}@h:1\n`), "offstage.yaml:2"],
  ["a name in the settings", () => settings(`inputs: { ${TOKEN}: x }\n`), "offstage.yaml:2"],
  ["a member of the settings that is for a secret", () => settings(`tokens: { key: ${WORD} }\n`), "offstage.yaml, tokens.key"],
  ["one of several of them", () => settings(`approvals: { links: { url: "https://a.example", key: ["\${env:LINK_KEY}", ${WORD}] } }\n`), "offstage.yaml, approvals.links.key"],
  ["a default in the settings", () => settings(`tokens: { key: "\${env:X:-${WORD}}" }\n`), "offstage.yaml, tokens.key"],
  ["a dependency, a token", () => version(`git+https://x-access-token:${TOKEN}@github.com/acme/private.git`), "package.json, slugify"],
  ["a dependency, a password", () => version(`https://user:${WORD}@npm.acme.example/x.tgz`), "package.json, slugify"],
  ["a dependency, a query", () => version(`https://npm.acme.example/x.tgz?token=${WORD}`), "package.json, slugify"],
];

test.each(REFUSED)("in %s a secret keeps the export from being made, and is not repeated", async (_place, plant, where) => {
  const planting = plant();
  const error: unknown = await read(planting).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "EXPORT_REFUSED", message: expect.stringContaining(where) as string });
  expect(isOffstageError(error) ? `${error.message} ${error.hint}` : "CANARY").not.toContain("CANARY");
});

const LEFT_OUT: readonly (readonly [place: string, plant: () => Planting])[] = [
  ["a note", () => local({ "//": `old ${TOKEN}` })],
  ["a description", () => local({ description: TOKEN })],
  ["a setting of another client", () => local({ x: { y: [{ password: WORD }] } })],
  ["headers of what is started here", () => local({ headers: { Authorization: WORD } })],
  ["variables of what is elsewhere", () => mcp({ url: "https://h.example/mcp", env: { DESK_TOKEN: WORD }, args: ["--api-key", WORD] })],
  ["what an input would be proposed", () => mcp({ ...entry, env: { ...entry.env, A: "${input:a}" } }, [{ id: "a", password: true, default: WORD, description: TOKEN }])],
  ["a server of other workflows", () => ({ files: { "mcp.json": JSON.stringify({ mcpServers: { desk: entry, other: { command: "x", env: { A_TOKEN: WORD } } } }) } })],
];

test.each(LEFT_OUT)("%s is in no file of any target", async (_place, plant) => {
  const files = await exported(await read(plant()));
  expect(files.filter(({ path, content }) => `${path}${String(content)}`.includes("CANARY")).map(({ path }) => path)).toEqual([]);
  expect(files.filter(({ path }) => path === "mcp.json")).toHaveLength(2);
}, 30_000);

test("what only looks a little like a secret is exported: snapshots, places, words by which programs are told which secret is meant, defaults that are places", async () => {
  for (const text of ["0.0.0-experimental-8de1dd5b2-20240101", "git+https://github.com/acme/x.git#0123456789abcdef0123456789abcdef01234567", "npm:other@^1.0.0", "github:acme/x#v1"]) expect((await read(version(text))).packages).toEqual({ slugify: text });
  for (const value of ["${exec:aws secretsmanager get-secret-value --secret-id prod/db}", "${exec:gcloud secrets versions access latest --secret=db}", "${exec:op read op://vault/item/password}", "${env:REDIS_URL:-redis://localhost:6379}", "${env:DESK_TOKEN:-}", "${file:/run/secrets/db-password}"]) {
    expect((await read(variable("PLACE", value))).servers["desk"]).toMatchObject({ env: { PLACE: value } });
  }
  expect((await read(settings("# token: see the wiki; redis://:${env:REDIS_PASSWORD}@redis.example\ntokens: { key: \"${file:key}\" }\n"))).settings).toMatchObject({ tokens: { key: "${file:key}" } });
});

test("what npm has to find on this machine, or another tool knows, is no version that an export asks for", async () => {
  for (const text of ["../localdir", "/home/me/dep", "~/dep", "./x.tgz", "x.tgz", "C:\\dep", "file:../x", "link:../x", "workspace:^", "git+file:///home/me/x", "catalog:", 5]) expect((await read(version(text))).packages).toEqual({});
});

test("what a variable holds that is called as a connection, a webhook or a URL is a secret, unless it is the place of a service or the project says so", async () => {
  const names = ["PG_URL", "MONGODB_URI", "MDB_MCP_CONNECTION_STRING", "SENTRY_DSN", "SLACK_WEBHOOK_URL", "SLACK_WEBHOOK", "POSTGRES_URL_NON_POOLING", "databaseUrl", "PGURL", "GITHUB_API_URL", "JIRA_BASE_URL", "AUTH_URL", "CURL_OPTIONS", "SITE_NAME", "WIKI_URL"];
  const { needs } = await read({ files: { ...local({ env: { ALL: names.map((name) => `\${env:${name}}`).join(" ") } }).files, "offstage.yaml": `${STORE}plain: [WIKI_URL]\n` } });
  expect(needs.variables.filter(({ secret }) => !secret).map(({ name }) => name)).toEqual(["AUTH_URL", "CURL_OPTIONS", "GITHUB_API_URL", "JIRA_BASE_URL", "SITE_NAME", "WIKI_URL"]);
});
