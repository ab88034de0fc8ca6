import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences, serversTable, withTable } from "./servers-table.ts";
import { REAL_SERVERS } from "./servers.ts";
import type { Found } from "./try-server.ts";

const DOCUMENT = readFileSync(new URL("../../docs/servers.md", import.meta.url), "utf8");

const one: Found = { name: "a", package: "@x/a", version: "1.2.3", transport: "stdio", era: "modern", protocol: "2026-07-28", tools: 3, answered: ["get"], refused: [], seconds: 1.5, faults: [] };

test("the document has every server of the run with its version", () => {
  const rows = DOCUMENT.split("\n");
  const missing = REAL_SERVERS.filter(({ from }) => !rows.some((row) => row.startsWith(`| ${from.package} | ${from.version} |`)));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test("what the document says is compared with what was found, both ways", () => {
  const written = withTable(DOCUMENT, serversTable([one]));
  expect(differences(written, serversTable([one]))).toEqual([]);
  expect(differences(written, serversTable([{ ...one, seconds: 9 }]))).toEqual([]);
  expect(differences(written, serversTable([{ ...one, tools: 4 }]))).toEqual([expect.stringMatching(/^no longer so: .*\| 3 \|/), expect.stringMatching(/^not said: .*\| 4 \|/)]);
  expect(withTable(written, serversTable([one]))).toBe(written);
});

test("every server is called for something, or its start is", () => {
  expect(REAL_SERVERS.filter(({ asks, startFails }) => asks.length === 0 && startFails === undefined)).toEqual([]);
  expect(new Set(REAL_SERVERS.map(({ from }) => from.package)).size).toBeGreaterThanOrEqual(25);
});

test("the document has every profile that ships, with what it is for", () => {
  const folder = new URL("../../packages/runtime/profiles/", import.meta.url);
  const missing = readdirSync(folder).filter((file) => {
    const target = /\bprofile\("([^"]+)"/.exec(readFileSync(new URL(file, folder), "utf8"))?.[1] ?? "?";
    return !DOCUMENT.includes(`| ${file} | \`${target}\``);
  });
  expect(missing).toEqual([]);
});
