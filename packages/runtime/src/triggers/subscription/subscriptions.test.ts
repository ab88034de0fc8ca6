import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { type RunHost, type ServedWorkflow, serveWorkflow, serveWorkflows, type TriggerSource } from "../../host/index.ts";
import type { ServerPool } from "../../mcp/index.ts";
import type { Run } from "../../model/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { changingServer, createWatchedPool, workshopServer } from "../../testing/workshop.ts";
import { createSubscriptions } from "./index.ts";

const source = (uri: string, body: string): string => `
import { workflow, resource, once, waitFor } from "offstage";
import { world } from "#servers";
export default workflow({ name: "noted", on: [resource(world, "${uri}")], limits: { writes: 9 } }, async ({ event, run }) => { ${body} });`;
const TELL = 'await once(run.id, () => world.send({ uri: event?.kind === "resource" ? event.uri : null }));';

let world: HostWorld;
let host: RunHost;
let pool: ServerPool;
let subscriptions: TriggerSource;
let ended: Promise<void>;
let workflows: readonly ServedWorkflow[];
let refused: unknown[];
const stopping = { now: new AbortController() };
beforeEach(async () => {
  world = await createHostWorld();
  pool = createWatchedPool([{ ...changingServer(), name: "world" }]).pool;
  stopping.now = new AbortController();
  refused = [];
});
afterEach(async () => {
  stopping.now.abort();
  subscriptions.rest?.();
  await ended.catch(() => undefined);
  await pool.close();
  await world.close();
});

async function serve(text: string): Promise<void> {
  const environment = { ...world.environment(), redactor: createRedactor() };
  workflows = [await serveWorkflow(programOf(text), environment)];
  host = world.host(1);
  subscriptions = createSubscriptions({ store: world.store, environment, workflows: () => workflows, listen: pool.listen, refused: (error) => void refused.push(error) });
  ended = serveWorkflows({ store: world.store, host, environment, workflows: () => workflows, sources: [subscriptions], news: () => undefined, stopping: stopping.now.signal });
  ended.catch(() => undefined);
}

const runs = (): Promise<readonly Run[]> => world.store.transact({ durable: false }, async (tx) => (await tx.listRuns({ limit: 99 })).toReversed());
/** A real server tells when it does: the clock of the store is moved on until then. */
const until = (check: () => Promise<void> | void): Promise<void> => vi.waitFor(async () => (await world.clock.advance(500), check()), { timeout: 20_000, interval: 10 });
const touch = async (uri: string): Promise<void> => void (await (await pool.session("world")).call("touch", { uri }, { timeoutMs: 10_000 }));

test("the beginning of listening and each change start a run, which is told the resource; those of others start none", async () => {
  await serve(source("note://a", TELL));
  await until(() => expect(world.called).toEqual(['send {"uri":"note://a"}']));
  await touch("note://b");
  await touch("note://a");
  await until(() => expect(world.called).toHaveLength(2));
  expect((await runs()).map(({ event }) => event)).toEqual([{ kind: "resource", uri: "note://a" }, { kind: "resource", uri: "note://a" }]);
});

test("a server that ended is started anew, and what may have changed meanwhile counts as a change", async () => {
  await serve(source("note://a", TELL));
  await until(() => expect(world.called).toHaveLength(1));
  await (await pool.session("world")).call("die", {}, { timeoutMs: 10_000 });
  await vi.waitFor(async () => (await world.clock.advance(500), expect(world.called).toHaveLength(2)), { timeout: 20_000, interval: 50 });
});

test("a server that does not tell of changes ends the serving, and says what to write instead", async () => {
  await pool.close();
  pool = createWatchedPool([{ ...workshopServer(), name: "world" }]).pool;
  await serve(source("note://a", TELL));
  const fault = ended.then(() => null, (error: unknown) => error);
  await until(async () => expect(await Promise.race([fault, Promise.resolve("still serving")])).toMatchObject({ code: "LISTEN_UNSUPPORTED", hint: 'Look at it on a schedule instead: every("10m").' }));
});

test("a step that waits for a resource is offered its changes", async () => {
  await serve(source("note://a", `${TELL} const next = await waitFor(resource(world, "note://b")); await once(\`b \${run.id}\`, () => world.send({ next: next?.uri }));`));
  await until(async () => expect((await runs()).map(({ status }) => status)).toEqual(["parked"]));
  await until(async () => expect(world.called.at(-1)).toBe('send {"next":"note://b"}'));
});

test("an edit that names another resource has that one listened to, and the former one no more", async () => {
  await serve(source("note://a", TELL));
  await until(() => expect(world.called).toEqual(['send {"uri":"note://a"}']));
  workflows = [await serveWorkflow(programOf(source("note://b", TELL)), world.environment())];
  await until(() => expect(world.called.slice(1)).toEqual(['send {"uri":"note://b"}']));
  await touch("note://a");
  await touch("note://b");
  await until(() => expect(world.called.slice(2)).toEqual(['send {"uri":"note://b"}']));
});

test("an edit that names a server which does not tell of changes is told of, and what is served goes on", async () => {
  await pool.close();
  pool = createWatchedPool([{ ...workshopServer(), name: "world" }]).pool;
  const one = source("note://a", "return run.id;");
  await serve(one.replace('on: [resource(world, "note://a")]', "on: []"));
  await world.clock.advance(1_000);
  workflows = [await serveWorkflow(programOf(one), world.environment())];
  await until(() => expect(refused).toEqual([expect.objectContaining({ code: "LISTEN_UNSUPPORTED" })]));
  expect(await Promise.race([ended, Promise.resolve("still serving")])).toBe("still serving");
});
