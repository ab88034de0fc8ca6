import { beforeEach, describe, expect, it } from "vitest";
import type { Data } from "../base/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { type FakeRunOptions, FakeWorld } from "../testing/fake-ports.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { type FakeRun, runProgram } from "../testing/fake-run.ts";
import { endOf } from "./index.ts";

interface Ticket {
  readonly key: string;
  readonly label: string;
  title: string;
}

type Arguments = Readonly<Record<"key" | "label" | "title", string>>;

const TOP = `
const ticket = record("ticket", {
  identity: (pr: any) => pr.id,
  find: async (pr: any) => world.search({ label: pr.id }),
  create: (pr: any) => world.create({ label: pr.id, title: pr.title }),
  keep: (t: any, pr: any) => ({ key: t.key, owner: pr.owner }),
  read: (kept) => world.get({ key: kept.key }),
  same: (actual: any, pr: any) => actual.title === pr.title,
  update: (kept, pr: any) => world.update({ key: kept.key, title: pr.title }),
  release: (kept) => world.remove({ key: kept.key }),
});`;
const ENSURE = bodyProgram(`const item: any = inputs; const kept = await ticket.ensure({ id: item.id, title: item.title, owner: "me" }); await world.comment({ key: kept.key }); return kept;`, TOP);
const LOOK = bodyProgram(`const item: any = inputs; await ticket.release(item.id); return [await ticket.lookup(item.id), await ticket.all()];`, TOP);

/** A tracker with a search that lags, and writes whose answers can be lost. */
class Tracker {
  readonly tickets: Ticket[] = [];
  runs = 0;
  fault: "lost" | "unreadable" | null = null;
  indexed = true;
  readonly world: FakeWorld;

  constructor() {
    this.world = new FakeWorld({
      search: { effect: "read", lagMs: 1_000, answer: ({ label }: Arguments) => (this.indexed ? this.tickets.filter((one) => one.label === label).map((one) => ({ ...one })) : []) },
      get: { effect: "read", consistent: true, gone: ({ key }: Arguments) => !this.tickets.some((one) => one.key === key), answer: ({ key }: Arguments) => { const one = this.tickets.find((t) => t.key === key); if (one === undefined) throw new Error("does not exist"); return { ...one }; } },
      create: this.#write(({ label, title }: Arguments) => { const made = { key: `K-${this.tickets.length + 1}`, label, title }; this.tickets.push(made); return { key: made.key }; }),
      update: this.#write(({ key, title }: Arguments) => { const one = this.tickets.find((t) => t.key === key); if (one !== undefined) one.title = title; return {}; }),
      remove: this.#write(({ key }: Arguments) => { this.tickets.splice(this.tickets.findIndex((t) => t.key === key), 1); return {}; }),
      comment: { effect: "write", answer: () => ({}) },
    });
  }

  #write(answer: (args: Arguments) => Data): FakeTool {
    return { effect: "write", answer, fault: () => this.fault };
  }

  run(title: string, options: FakeRunOptions = {}, program = ENSURE): Promise<FakeRun> {
    this.world.journal.clear();
    this.world.now += 10_000;
    this.runs += 1;
    return runProgram(program, this.world, { ...options, runId: `run-${this.runs}`, inputs: { id: "PR", title } });
  }

  writes(): readonly string[] {
    return this.world.called().filter((tool) => tool !== "search" && tool !== "get" && tool !== "comment");
  }
}

describe("a record", () => {
  let tracker: Tracker;
  beforeEach(() => (tracker = new Tracker()));

  it("creates once, then finds everything as it should be, and heals drift", async () => {
    const first = await tracker.run("a");
    expect(first.result.output).toEqual({ key: "K-1", owner: "me" });
    await tracker.run("a");
    (tracker.tickets[0] as Ticket).title = "drifted";
    await tracker.run("a");
    const changed = await tracker.run("b");
    expect(changed.result.output).toEqual({ key: "K-1", owner: "me" });
    expect(tracker.writes()).toEqual(["create", "update", "update"]);
    expect(tracker.tickets).toEqual([{ key: "K-1", label: "PR", title: "b" }]);
  });

  it("shows in a plan what it would do, with what it knows of the result, and writes nothing", async () => {
    const create = await tracker.run("a", { phase: "plan" });
    expect(create.result.output).toEqual({ key: null, owner: "me" });
    expect(create.ports.requests.map(({ identity, args, label }) => [identity.kind === "record" ? identity.action : identity.kind, args.value, label])).toEqual([
      ["create", { label: "PR", title: "a" }, "ticket PR"], ["step", { key: null }, "world.comment"],
    ]);
    await tracker.run("a");
    const update = await tracker.run("b", { phase: "plan" });
    expect(update.result.output).toEqual({ key: "K-1", owner: "me" });
    expect(update.ports.requests[0]).toMatchObject({ identity: { action: "update", generation: 1, revision: 1 }, certainty: "sure" });
    const none = await tracker.run("a", { phase: "plan" });
    expect(none.ports.requests.map(({ call }) => call?.tool)).toEqual(["comment"]);
    expect([create, update, none].map(({ result }) => result.unchanged)).toEqual([0, 0, 1]);
    expect(tracker.writes()).toEqual(["create"]);
  });

  it("adopts what is there, which may be held, and goes on with what it found", async () => {
    tracker.tickets.push({ key: "OLD", label: "PR", title: "a" });
    const held = await tracker.run("a", { holds: ({ call }) => call === null });
    expect([held.result.output, endOf(held.result), tracker.writes()]).toEqual([{ key: "OLD", owner: "me" }, "pending", []]);
    const { result } = await tracker.run("a");
    expect([result.output, endOf(result)]).toEqual([{ key: "OLD", owner: "me" }, "succeeded"]);
    expect([...tracker.world.ledger.bindings.values()]).toMatchObject([{ adopted: true }]);
  });

  it("refuses to choose between several", async () => {
    tracker.tickets.push({ key: "A", label: "PR", title: "a" }, { key: "B", label: "PR", title: "a" });
    expect((await tracker.run("a")).result.error?.code).toBe("AMBIGUOUS_RECORD");
  });

  it.each(["lost", "unreadable"] as const)("finds what it made when the answer of create was %s", async (fault) => {
    tracker.fault = fault;
    const { result } = await tracker.run("a");
    expect([result.output, endOf(result)]).toEqual([{ key: "K-1", owner: "me" }, "succeeded"]);
    expect(tracker.writes()).toEqual(["create"]);
  });

  it("says that it does not know while the search lags, and settles later", async () => {
    tracker.fault = "lost";
    tracker.indexed = false;
    const first = await tracker.run("a");
    expect([endOf(first.result), first.result.ambiguous[0]?.label]).toEqual(["needs-attention", "ticket PR"]);
    tracker.fault = null;
    tracker.indexed = true;
    const second = await tracker.run("a");
    expect([endOf(second.result), second.result.output]).toEqual(["succeeded", { key: "K-1", owner: "me" }]);
    expect(tracker.writes()).toEqual(["create"]);
  });

  it("does not make a gone target anew before a second witness, nor without the first one being kept", async () => {
    await tracker.run("a");
    tracker.tickets.length = 0;
    const first = await tracker.run("a");
    expect(first.result.held).toMatchObject([{ label: "ticket PR", why: expect.stringMatching(/^not proven/) }, { label: "world.comment" }]);
    const second = await tracker.run("a");
    expect(second.result.output).toEqual({ key: "K-1", owner: "me" });
    expect(tracker.writes()).toEqual(["create", "create"]);
  });

  it("stops updating what does not change", async () => {
    await tracker.run("a");
    (tracker.world.tools["update"] as unknown as { answer: () => Data }).answer = () => ({});
    expect((await tracker.run("b")).result.error?.code).toBe("NOT_CONVERGING");
  });

  it("is released, looked up and listed", async () => {
    await tracker.run("a");
    const { result } = await tracker.run("a", {}, LOOK);
    expect(result.output).toEqual([null, [{ identity: "PR", kept: { key: "K-1", owner: "me" }, released: true }]]);
    expect(tracker.tickets).toEqual([]);
  });

  it("does not look a binding up after a held write", async () => {
    await tracker.run("a");
    const { result } = await tracker.run("a", { phase: "plan" }, LOOK);
    expect(result.output).toEqual([null, null]);
  });

  it("is journaled once done: the same run asks nothing again", async () => {
    await tracker.run("a");
    const calls = tracker.world.calls.length;
    const again = await runProgram(ENSURE, tracker.world, { runId: "run-1", inputs: { id: "PR", title: "a" } });
    expect([again.result.output, tracker.world.calls.length]).toEqual([{ key: "K-1", owner: "me" }, calls]);
  });
});

describe("a record under unknown conditions", () => {
  it("reads nothing and shows what may be", async () => {
    const tracker = new Tracker();
    const body = (statement: string) => bodyProgram(`const t = await world.comment({}); ${statement}`, TOP);
    const maybe = await tracker.run("a", { phase: "plan" }, body(`if (t.x) { await ticket.ensure({ id: "1", title: "a" }); }`));
    expect(maybe.ports.requests.at(-1)).toMatchObject({ identity: { action: "create", key: "1" }, certainty: "may" });
    const unknown = await tracker.run("a", { phase: "plan" }, body(`const kept = await ticket.ensure({ id: t.x, title: "a" }); return kept.key;`));
    expect(unknown.ports.requests.at(-1)).toMatchObject({ identityKnown: false, certainty: "may", label: "ticket (known after apply)" });
    expect(tracker.world.called()).toEqual([]);
  });

  it("updates for certain only when what is desired is known", async () => {
    const tracker = new Tracker();
    await tracker.run("a");
    const run = await tracker.run("a", { phase: "plan" }, bodyProgram(`const t = await world.comment({}); await ticket.ensure({ id: "PR", title: t.x });`, TOP));
    expect(run.ports.requests.at(-1)).toMatchObject({ identity: { action: "update" }, certainty: "may", args: { unknown: [{ path: ["title"] }] } });
  });
});
