import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { MIGRATIONS } from "../packages/runtime/src/sql/index.ts";
import { storeSchemas } from "../packages/runtime/src/testing/store-schemas.ts";

test.each([...storeSchemas()])("%s is what the migrations make; print it anew with: node --conditions=offstage-src scripts/write-store-schemas.ts", (path, text) => {
  expect(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8")).toBe(text);
});

test("a database made of it has the tables, indexes and rows that the migrations leave, to the letter", () => {
  const [one, other] = [new Sqlite(":memory:"), new Sqlite(":memory:")];
  for (const statement of MIGRATIONS.flat()) one.exec(statement);
  const [text = ""] = [...storeSchemas().values()];
  other.exec(text);
  const look = (database: Sqlite.Database): unknown => [database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").all(), database.prepare("SELECT * FROM fences").all()];
  expect(look(other)).toEqual(look(one));
  one.close();
  other.close();
});
