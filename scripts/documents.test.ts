import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ERROR_CODES } from "offstage/base";
import { DIAGNOSTIC_CODES } from "offstage/language";
import { expect, test } from "vitest";
import { errorsDocument } from "./house/errors-document.ts";
import { isTestFile, readSources } from "./house/import-graph.ts";

const ROOT = join(import.meta.dirname, "..");

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

test("docs/errors.md lists every code with its meaning, and no other (npm run docs:errors)", () => {
  expect(read("docs/errors.md")).toBe(errorsDocument(ERROR_CODES, DIAGNOSTIC_CODES));
});

test("every code is provoked by a test", () => {
  const tests = readSources(ROOT, ["packages/runtime/src", "apps/offstage/src", "demo", "conformance", "scripts"]).filter((file) => isTestFile(file.path) || file.path.startsWith("conformance/")).map((file) => file.text).join("\n");
  const missing = [...Object.keys(ERROR_CODES), ...Object.keys(DIAGNOSTIC_CODES)].filter((code) => !new RegExp(`\\b${code}\\b`).test(tests));
  expect(missing).toEqual([]);
});

test("docs/dependencies.md lists every dependency with its exact version, and no other", () => {
  const manifests = ["package.json", "packages/runtime/package.json", "apps/offstage/package.json"].map((path) => JSON.parse(read(path)) as Record<string, Record<string, string> | undefined>);
  const used = manifests.flatMap((manifest) => ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) => Object.entries(manifest[kind] ?? {})));
  const listed = [...read("docs/dependencies.md").matchAll(/^\| (\S+) \| (\S+) \| \S+ \| .+ \|$/gm)].map(([, name, version]) => `${name} ${version}`).filter((line) => line !== "name version");
  const own = used.filter(([name]) => name !== "offstage").map(([name, version]) => `${name} ${version}`);
  expect(listed.toSorted()).toEqual([...new Set(own)].toSorted());
});

test("AGENTS.md stays short enough to be read", () => {
  expect(read("AGENTS.md").split("\n").length).toBeLessThan(100);
});

const PAGES = ["README.md", "docs/ARCHITECTURE.md", "docs/language.md", "docs/exports.md", "docs/guides/api.md", "docs/guides/auth.md", "docs/guides/config.md", "docs/guides/export.md", "docs/guides/first-workflow.md", "docs/guides/guardrails.md", "docs/guides/lock.md", "docs/guides/postgres.md", "docs/guides/queues.md", "docs/guides/serve.md", "docs/guides/testing.md", "docs/guides/upgrade.md", "docs/guides/watching.md", "docs/guides/your-own-servers.md", "CONTRIBUTING.md", "AGENTS.md"];

test("what the documents link to exists, headings too", () => {
  const anchors = (page: string): readonly string[] => [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"));
  const links = PAGES.flatMap((path) => [...read(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].map(([, target = "", heading = ""]) => ({ page: target === "" ? path : join(dirname(path), target), heading })));
  expect(links.filter(({ page, heading }) => !existsSync(join(ROOT, page)) || (heading !== "" && !anchors(page).includes(heading)))).toEqual([]);
  expect(links.length).toBeGreaterThan(20);
});
