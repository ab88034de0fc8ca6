import { describe, expect, test } from "vitest";
import { OffstageError } from "../../base/index.ts";
import { isBusy, storeError } from "./sqlite-errors.ts";

const thrown = (code: string): Error => Object.assign(new Error(`what ${code} says`), { code });

describe("storeError", () => {
  test.each([
    ["SQLITE_BUSY", "STORE_LOCKED"], ["SQLITE_BUSY_RECOVERY", "STORE_LOCKED"], ["SQLITE_BUSY_SNAPSHOT", "STORE_LOCKED"], ["SQLITE_LOCKED", "STORE_LOCKED"],
    ["SQLITE_FULL", "STORE_FULL"], ["SQLITE_IOERR_SHMSIZE", "STORE_FULL"],
    ["SQLITE_CORRUPT", "STORE_CORRUPT"], ["SQLITE_CORRUPT_INDEX", "STORE_CORRUPT"], ["SQLITE_NOTADB", "STORE_CORRUPT"],
    ["SQLITE_CANTOPEN", "STORE_UNAVAILABLE"], ["SQLITE_CANTOPEN_ISDIR", "STORE_UNAVAILABLE"], ["SQLITE_READONLY", "STORE_UNAVAILABLE"], ["SQLITE_READONLY_DBMOVED", "STORE_UNAVAILABLE"],
    ["SQLITE_IOERR_FSYNC", "STORE_UNAVAILABLE"], ["SQLITE_IOERR", "STORE_UNAVAILABLE"], ["SQLITE_PERM", "STORE_UNAVAILABLE"],
  ])("%s is %s, with the file, the detail and what to do", (code, ours) => {
    const cause = thrown(code);
    const error = storeError(cause, "/project/.offstage/store.db");
    expect(error).toMatchObject({ code: ours, cause, hint: expect.stringMatching(/\w+ .*\./) });
    expect(error.message).toContain("/project/.offstage/store.db");
    expect(error.message).toContain(`what ${code} says`);
  });

  test("what our own statements or rows did wrong is a bug, without advice", () => {
    for (const error of [thrown("SQLITE_CONSTRAINT_UNIQUE"), thrown("SQLITE_ERROR"), new RangeError("x"), "text"]) expect(storeError(error, "f")).toMatchObject({ code: "BUG", hint: undefined });
  });

  test("a part of the schema that is missing was lost", () => {
    for (const message of ["no such table: effects", "no such column: kind", "table effects has no column named kind", "unsupported file format"]) {
      expect(storeError(Object.assign(new Error(message), { code: "SQLITE_ERROR" }), "f").code).toBe("STORE_CORRUPT");
    }
  });

  test("what is ours stays as it is", () => {
    const ours = new OffstageError("LEASE_LOST", "m");
    expect(storeError(ours, "f")).toBe(ours);
  });

  test("waiting helps against a busy file only", () => {
    expect([isBusy(thrown("SQLITE_BUSY")), isBusy(thrown("SQLITE_BUSY_RECOVERY")), isBusy(thrown("SQLITE_LOCKED")), isBusy(thrown("SQLITE_FULL")), isBusy(null), isBusy(new Error("SQLITE_BUSY"))]).toEqual([true, true, false, false, false, false]);
  });
});
