import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { type PostgresServer, startPostgres } from "../../../../packages/runtime/src/testing/postgres.ts";
import { newPostgresPlace } from "../../../../packages/runtime/src/testing/postgres-place.ts";
import { type CommandProcess, startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// The command line over a store in PostgreSQL, the server one of its own: it is killed.

const KILLS = 6;
const BEAT = `import { every, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "beat", on: [every("1s")], limits: { writes: 5 } }, async ({ event }) => {
  const at = event?.kind === "schedule" ? event.at : "by hand";
  await once(at, () => desk.say({ text: at }));
});
`;

let server: PostgresServer;
let desk: DeskProject;
const living = new Set<CommandProcess>();
beforeAll(async () => {
  server = await startPostgres();
  desk = await createDeskProject();
  desk.write("workflows/beat.ts", BEAT);
  await desk.run("check");
});
beforeEach(() => {
  desk.reset();
  const { schema } = newPostgresPlace(createFakeClock(), server.url);
  desk.write("offstage.yaml", `store: { postgres: "${server.url}", schema: ${schema} }\nservers: { desk: { timeout: 1s } }\npolicy: { rules: [{ verdict: approve, workflow: announce }] }\n`);
});
afterAll(async () => {
  for (const one of living) await end(one, "SIGKILL");
  await server.stop();
  desk.remove();
});

function serve(): CommandProcess {
  const made = startCommand(desk.folder, ["serve", "beat"], null);
  living.add(made);
  return made;
}

async function end(one: CommandProcess, signal: NodeJS.Signals): ReturnType<() => CommandProcess["ended"]> {
  living.delete(one);
  one.child.kill(signal);
  return one.ended;
}

const beats = (): readonly string[] => desk.writes().map((write) => /\d{4}-[^"]*Z/.exec(write)?.[0] ?? write);
const moreThan = (count: number): Promise<void> => vi.waitFor(() => expect(beats().length).toBeGreaterThan(count), { timeout: 60_000, interval: 20 });

/** Each beat came once, and nothing is left in the middle. */
async function expectOnceEach(): Promise<void> {
  expect(new Set(beats()).size).toBe(beats().length);
  const { document } = await desk.json("runs", "--limit", "1000");
  expect(document.result.runs.map(({ status }) => status).filter((status) => status !== "succeeded" && status !== "needs-attention")).toEqual([]);
}

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
  for (const argv of [["runs"], ["show"], ["approve"], ["resolve"], ["pause", "all"], ["unpause", "all"], ["doctor"]]) expect(await run(...argv)).toBe(`${argv[0]} 0`);
  expect((await desk.json("runs")).document.result.runs.map(({ status }) => status)).toContain("succeeded");
  expect(existsSync(join(desk.folder, ".offstage/store.db"))).toBe(false);
  expect(said.join("\n")).not.toContain("throw-away");
});

test("of two processes one leads; killed again and again, the other takes over, and no beat is made twice", async () => {
  let [leader, other] = [serve(), serve()];
  await moreThan(0);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = beats().length;
    await end(kill % 2 === 0 ? leader : other, "SIGKILL");
    if (kill % 2 === 0) leader = serve();
    else other = serve();
    await moreThan(before);
  }
  const ends = await Promise.all([end(leader, "SIGTERM"), end(other, "SIGTERM")]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  await expectOnceEach();
});

test("its server is killed again and again under two processes, which go on by themselves, and no beat is made twice", async () => {
  const served = [serve(), serve()];
  await moreThan(0);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = beats().length;
    await server.crash();
    await server.restart();
    await moreThan(before + 1);
  }
  const ends = await Promise.all(served.map((one) => end(one, "SIGTERM")));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  await expectOnceEach();
  expect(ends.map(({ out, err }) => out + err).join("\n")).not.toContain("throw-away");
});
