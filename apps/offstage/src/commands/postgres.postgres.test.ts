import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { type PostgresServer, startPostgres } from "../../../../packages/runtime/src/testing/postgres.ts";
import { newPostgresPlace } from "../../../../packages/runtime/src/testing/postgres-place.ts";
import { type BeatingDesk, createBeatingDesk } from "../testing/beating-desk.ts";

// The command line over a store in PostgreSQL, the server one of its own: it is killed.

const KILLS = 6;

let server: PostgresServer;
let desk: BeatingDesk;
beforeAll(async () => {
  server = await startPostgres();
  desk = await createBeatingDesk();
});
beforeEach(() => {
  desk.reset();
  const { schema } = newPostgresPlace(createFakeClock(), server.url);
  desk.write("offstage.yaml", `store: { postgres: "${server.url}", schema: ${schema} }\nservers: { desk: { timeout: 1s } }\npolicy: { rules: [{ verdict: approve, workflow: announce }] }\n`);
});
afterAll(async () => {
  await desk.serving.killAll();
  await server.stop();
  desk.remove();
});

test("the statements of the guide make a user and a database that are all a store needs, whatever encoding databases have here by themselves", async () => {
  const [, statements = ""] = /^```sql\n([\s\S]*?)^```/m.exec(readFileSync(new URL("../../../../docs/guides/postgres.md", import.meta.url), "utf8")) ?? [];
  const { query } = newPostgresPlace(createFakeClock(), server.url);
  const templates = (encoding: string): Promise<unknown> => query(`UPDATE pg_database SET encoding = pg_char_to_encoding('${encoding}') WHERE datname = 'template1'`);
  await templates("SQL_ASCII");
  for (const statement of statements.replaceAll("offstage", "of_the_guide").replace("…", "throw-away-of-the-guide").split(";").slice(0, -1)) await query(statement);
  await templates("UTF8");
  const url = Object.assign(new URL(server.url), { username: "of_the_guide", password: "throw-away-of-the-guide", pathname: "/of_the_guide" }).href;
  desk.write("offstage.yaml", `store: { postgres: "${url}" }\nservers: { desk: { timeout: 1s } }\n`);
  expect((await desk.run("run", "announce")).code).toBe(0);
  expect(desk.writes()).toHaveLength(2);
});

test("every command works on it, makes no file, and shows no password", async () => {
  const said: string[] = [];
  const run = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, err } = await desk.run(...argv);
    said.push(out, err);
    return `${argv[0]} ${code}`;
  };
  const planned = await desk.json("plan", "tickets");
  expect(await run("apply", planned.document.result.plan.id)).toBe("apply 0");
  expect(desk.writes()).toHaveLength(2);
  expect(await run("run", "tickets")).toBe("run 0");
  expect(desk.writes()).toHaveLength(2);
  expect(await run("run", "announce")).toBe("run 4");
  expect(await run("approve", "all")).toBe("approve 0");
  expect(desk.writes()).toHaveLength(4);
  for (const argv of [["runs"], ["show"], ["approve"], ["resolve"], ["pause", "all"], ["unpause", "all"], ["doctor"], ["doctor", "--connect"]]) expect(await run(...argv)).toBe(`${argv[0]} 0`);
  expect((await desk.json("runs")).document.result.runs.map(({ status }) => status)).toContain("succeeded");
  expect(existsSync(join(desk.folder, ".offstage/store.db"))).toBe(false);
  expect(said.join("\n")).not.toContain("throw-away");
});

test("of two processes one leads; killed again and again, the other takes over, and no beat is made twice", async () => {
  expect(await desk.killOneOfTwo(KILLS)).toEqual([0, 0]);
  await desk.expectOnceEach();
});

test("its server is killed again and again under two processes, which go on by themselves, and no beat is made twice", async () => {
  const served = [desk.serving.start(), desk.serving.start()];
  await desk.moreBeatsThan(0);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = desk.beats().length;
    await server.crash();
    await server.restart();
    await desk.moreBeatsThan(before + 1);
  }
  const ends = await Promise.all(served.map((one) => desk.serving.end(one, "SIGTERM")));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  await desk.expectOnceEach();
  expect(ends.map(({ out, err }) => out + err).join("\n")).not.toContain("throw-away");
});
