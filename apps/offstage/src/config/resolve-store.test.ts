import { createRedactor } from "offstage/base";
import { describe, expect, test } from "vitest";
import { createTestProject } from "../testing/command-line.ts";
import { resolvePostgres } from "./resolve-store.ts";
import type { Sources } from "./references.ts";
import { parseSettings } from "./settings.ts";

const sources = (env: Readonly<Record<string, string>>): Sources => ({ env, folder: "/project", isSecret: () => false, inputs: { declared: new Map(), values: {} }, run: null });

describe("store: of offstage.yaml", () => {
  test("names a file, or a database and a schema", () => {
    const store = (text: string): unknown => {
      const parsed = parseSettings(text, "/project");
      return parsed.ok ? parsed.settings.store : parsed.diagnostics.map(({ message }) => message);
    };
    expect(store("store: { file: a.db }")).toEqual({ file: "/project/a.db", postgres: null });
    expect(store('store: { postgres: "${env:DATABASE_URL}" }')).toEqual({ file: "/project/.offstage/store.db", postgres: { url: "${env:DATABASE_URL}", schema: "offstage" } });
    expect(store("store: { postgres: postgres://h/d, schema: leaks }")).toMatchObject({ postgres: { url: "postgres://h/d", schema: "leaks" } });
    for (const wrong of ["{ postgres: mysql://h/d }", "{ postgres: 'h/d' }", "{ postgres: postgres://h/d, schema: 'Bad Name' }", "{ schema: x }"]) expect(store(`store: ${wrong}`)).toEqual([expect.stringMatching(/\S/)]);
  });

  test("has its password kept out of texts, as it stands and as the server gets it, whatever the variable is called", () => {
    const redactor = createRedactor();
    const { url, schema, markFile } = resolvePostgres({ url: "${env:DATABASE_URL}", schema: "s" }, sources({ DATABASE_URL: "postgresql://ada:correct%2Fhorse@db.example:5433/shop" }), redactor);
    expect([url, schema]).toEqual(["postgresql://ada:correct%2Fhorse@db.example:5433/shop", "s"]);
    expect(markFile).toMatch(/^\/project\/\.offstage\/postgres-[0-9a-f]{12}\.mark$/);
    for (const text of ["correct/horse", "correct%2Fhorse"]) expect(redactor.redact(`it was ${text}.`)).not.toContain("horse");
  });

  test("another schema, database or host has another mark; another password has not", () => {
    const marks = ["postgres://a:long-one-1@h/d", "postgres://b:long-one-2@h/d", "postgres://h/e", "postgres://i/d"].map((url) => resolvePostgres({ url, schema: "s" }, sources({}), createRedactor()).markFile);
    expect(new Set(marks).size).toBe(3);
  });

  test.each([["mysql://u:secret-word@h/d", "CONFIG_INVALID"], ["postgres://u:sec/ret-word@h/d", "CONFIG_INVALID"], ["postgres://u:short@h/d", "SECRET_TOO_SHORT"]])("refuses %s, without saying it", (url, code) => {
    let thrown: unknown;
    try {
      resolvePostgres({ url: "${env:X}", schema: "s" }, sources({ X: url }), createRedactor());
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code });
    expect(String(thrown)).not.toMatch(/secret-word|ret-word|short@/);
  });
});

describe("a project whose store is in PostgreSQL", () => {
  test("is told when the server is not there, with what to do, and without the password", async () => {
    const project = createTestProject({ "offstage.yaml": 'store: { postgres: "${env:DATABASE_URL}" }\n', "mcp.json": '{ "mcpServers": {} }' }, { DATABASE_URL: "postgresql://ada:correct-horse@127.0.0.1:1/shop" });
    const { code, err } = await project.run("runs");
    expect([code, err]).toEqual([1, expect.stringContaining("127.0.0.1:1/shop does not take connections")]);
    expect(err).not.toContain("horse");
    project.remove();
  });

  test("does nothing while there is a store in a file that was not moved", async () => {
    const project = createTestProject({ "offstage.yaml": 'store: { postgres: "postgres://127.0.0.1:1/shop" }\n', "mcp.json": '{ "mcpServers": {} }', ".offstage/store.db": "" });
    expect(await project.run("runs")).toMatchObject({ code: 1, err: expect.stringMatching(/STORE_MOVED[^]*offstage migrate --from sqlite --to postgres/) });
    project.write(".offstage/store.db.moved", "");
    expect(await project.run("runs")).toMatchObject({ code: 1, err: expect.stringContaining("STORE_UNAVAILABLE") });
    project.remove();
  });
});
