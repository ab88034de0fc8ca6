import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";

/** The last commit whose code makes stores of a version: add one when a migration is added. */
const LAST_COMMITS: readonly (readonly [version: number, commit: string])[] = [
  [1, "47e1ff4^"], [2, "1898aa0^"], [3, "35d2f4a^"], [4, "68f0971^"], [5, "393b2b3^"], [6, "f86f966^"], [7, "8118f48^"], [8, "943ab2f^"], [9, "eb4c09b^"], [10, "204a467^"], [11, "204a467"], [12, "c820855"], [13, "d2c57f4"],
];
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FILL = fileURLToPath(new URL("fill.ts", import.meta.url));

/** Writes stores of earlier versions as text, each made by that version's own code: what today's code is tried on. Those that are there stay. */
for (const [version, commit] of LAST_COMMITS) {
  const target = join(ROOT, `packages/runtime/src/testing/old-stores/version-${version}.sql`);
  if (existsSync(target)) continue;
  const folder = mkdtempSync(join(tmpdir(), "offstage-old-store-"));
  try {
    const archive = execFileSync("git", ["archive", commit, "packages/runtime"], { cwd: ROOT, maxBuffer: 1 << 28 });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    execFileSync(process.execPath, [FILL, folder, join(folder, "store.db")], { cwd: folder, stdio: "inherit" });
    const database = new Sqlite(join(folder, "store.db"), { readonly: true });
    const made = database.pragma("user_version", { simple: true });
    if (made !== version) throw new Error(`${commit} makes version ${String(made)}, not ${version}`);
    writeFileSync(target, dump(database));
    database.close();
    console.log(`version ${version}, by ${commit}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A database as statements that make it. */
function dump(database: Sqlite.Database): string {
  const schema = database.prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name").all() as { type: string; name: string; sql: string }[];
  const pragmas = ["application_id", "user_version"].map((name) => `PRAGMA ${name} = ${String(database.pragma(name, { simple: true }))};`);
  const rows = schema.filter(({ type }) => type === "table").flatMap(({ name }) => {
    const found = database.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[];
    return found.map((row) => `INSERT INTO "${name}" (${Object.keys(row).map((column) => `"${column}"`).join(", ")}) VALUES (${Object.values(row).map(literal).join(", ")});`);
  });
  return `${[...schema.map(({ sql }) => `${sql};`), ...rows, ...pragmas].join("\n")}\n`;
}

function literal(value: unknown): string {
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  if (value === null) return "NULL";
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}
