import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

const TICKET = `const ticket = record("ticket", {
  identity: (item: repo.Item) => item.id,
  find: (item) => tracker.search({ label: item.id }),
  create: (item, { inputs, event }) => tracker.create({ label: item.id, summary: \`\${inputs.prefix ?? ""}\${event === null ? "" : "by itself "}\${item.title}\` }),
  keep: (found, item, { inputs }) => ({ key: found.key, title: item.title, prefix: inputs.prefix ?? "none" }),
  OPTIONS
});`;
const ticket = (options = ""): string => TICKET.replace("OPTIONS", options);
const ENSURE = `return await each(await repo.list_items({}), { key: (item) => item.id }, (item) => ticket.ensure(item));`;

/** A record whose `create` looks something up on another server for what it hands on. */
function livesWhereItIsMade(id: string, create: string): ConformanceCase {
  return {
    id,
    rules: ["10.2"],
    promise: "A record lives where the last call of its create goes, whatever that looks up before, and whatever its helpers are given",
    workflow: small(ENSURE, {
      top: `const label = (item: repo.Item) => item.id;
const make = (of: string, summary: string) => tracker.create({ label: of, summary });
const titleOf = async (item: repo.Item) => {
  const items = await repo.list_items({});
  return items.find((one) => one.id === item.id)?.title ?? "none";
};
const ticket = record("ticket", {
  identity: (item: repo.Item) => item.id, find: (item) => tracker.search({ label: item.id }),
  create: async (item) => ${create}, keep: (found) => ({ key: found.key }),
});`,
    }),
    async play(stage) {
      const { world } = stage;
      world.items = [{ id: "1", title: "one" }];
      expect((await stage.run()).status).toBe("succeeded");
      stage.retarget("repo");
      expect((await stage.run()).status).toBe("succeeded");
      stage.retarget("tracker");
      const refused = await stage.run();
      expect(JSON.stringify([refused.error, refused.failures])).toContain("TARGET_CHANGED");
      expect(world.count("create")).toBe(1);
    },
  };
}

/** Records. */
export const RECORD_CASES: readonly ConformanceCase[] = [
  {
    id: "one-target-of-several-items",
    rules: ["10.3", "10.4"],
    promise: "Whose target it is tells what keep has of the target alone, also where the item decides the rest of it: one item takes a target that several find, and a released one is not taken back",
    workflow: small(`return await each(await repo.list_items({}), { key: (item) => item.id, onError: "continue" }, async (item) => { if (inputs.off) await ticket.release(item.id); else await ticket.ensure(item); });`, {
      top: `const ticket = record("ticket", {
  identity: (item: repo.Item) => item.id,
  find: () => tracker.search({ label: "shared" }),
  create: (item) => tracker.create({ label: "shared", summary: item.title }),
  keep: (found, item) => ({ key: found.key, owner: item.title.split("/").at(0) ?? "", size: item.title.length + 1, kind: item.title === "" ? "none" : "some" }),
  release: (kept) => tracker.close({ key: kept.key }),
});`,
      options: `inputs: { off: false }`,
    }),
    async play(stage) {
      const { world } = stage;
      world.items = [{ id: "1", title: "a/one" }, { id: "2", title: "b/two" }];
      world.tickets.set("X-9", { key: "X-9", label: "shared", summary: "by hand", status: "open", indexedAt: 0 });
      const first = await stage.run();
      const granted = await stage.approveAll();
      expect([first.status, first.held.map(({ label }) => label), granted?.status, granted?.failures.map(({ error }) => error.code)]).toEqual(["pending", ["ticket 1", "ticket 2"], "partial", ["AMBIGUOUS_RECORD"]]);
      world.items = [{ id: "3", title: "c/three" }];
      world.tickets.clear();
      expect((await stage.run()).status).toBe("succeeded");
      expect((await stage.run({ off: true })).status).toBe("succeeded");
      world.items = [{ id: "3", title: "d/changed" }];
      const again = await stage.run();
      expect(again.held.map(({ label, why }) => [label, why])).toEqual([["ticket 3", "awaits approval: what was made before is gone or was released: this makes another"]]);
    },
  },
  {
    id: "record-context",
    rules: ["10.1", "10.2", "10.9"],
    promise: "A record needs identity, find, create and keep; callbacks get inputs and event last; keep reads what was created and what was found",
    workflow: small(ENSURE, { top: ticket(), options: `inputs: { prefix: "new: " }` }),
    async play(stage) {
      const { world } = stage;
      world.items = [{ id: "1", title: "one" }, { id: "2", title: "two" }];
      world.tickets.set("X-2", { key: "X-2", label: "2", summary: "by hand", status: "open", indexedAt: 0 });
      expect((await stage.run()).status).toBe("pending");
      expect((await stage.approveAll())?.output).toEqual([{ key: "T-1", title: "one", prefix: "new: " }, { key: "X-2", title: "two", prefix: "new: " }]);
      expect([...world.tickets.values()].map(({ summary }) => summary)).toEqual(["by hand", "new: one"]);
    },
  },
  livesWhereItIsMade("record-lives-where-it-is-made", "tracker.create({ label: label(item), summary: await titleOf(item) })"),
  livesWhereItIsMade("record-lives-where-its-helper-makes-it", "make(label(item), await titleOf(item))"),
  {
    id: "record-looked-up",
    rules: ["10.10", "10.12"],
    promise: "What is kept can be looked up and listed; an adopted target that is released is only unbound",
    workflow: small(`
      const [item] = await repo.list_items({});
      if (inputs.how === "release") await ticket.release("1");
      else if (item) await ticket.ensure(item);
      return [await ticket.lookup("1"), await ticket.lookup("none"), (await ticket.all()).map(({ identity, kept, released }) => \`\${identity} \${kept.key} \${String(released)}\`)];`,
    { top: ticket(`release: (kept) => tracker.close({ key: kept.key }),`), options: `inputs: { how: "ensure" }` }),
    async play(stage) {
      const { world } = stage;
      world.items = [{ id: "1", title: "one" }];
      world.tickets.set("X-1", { key: "X-1", label: "1", summary: "by hand", status: "open", indexedAt: 0 });
      await stage.run();
      expect((await stage.approveAll())?.output).toEqual([{ key: "X-1", title: "one", prefix: "none" }, null, ["1 X-1 false"]]);
      const run = await stage.run({ how: "release" });
      expect([run.status, (run.output as readonly unknown[])[2], world.count("close"), world.tickets.get("X-1")?.status]).toEqual(["succeeded", ["1 X-1 true"], 0, "open"]);
    },
  },
  {
    id: "record-next-generation",
    rules: ["10.11"],
    promise: "Without reopen, what was released is made anew when it is wanted again, and find ignores the one of before",
    workflow: small(`
      return await each(await repo.list_items({}), { key: (item) => item.id }, async (item) => {
        if (item.title === "over") await ticket.release(item.id);
        else await ticket.ensure(item);
      });`, { top: ticket(`release: (kept) => tracker.close({ key: kept.key }),`) }),
    async play(stage) {
      const { world } = stage;
      // A new generation needs a person.
      for (const [title, ends] of [["on", "succeeded"], ["over", "succeeded"], ["on", "pending"], ["over", "succeeded"], ["on", "pending"]] as const) {
        world.items = [{ id: "1", title }];
        expect((await stage.run()).status).toBe(ends);
        if (ends === "pending") expect((await stage.approveAll())?.status).toBe("succeeded");
        await stage.advance(60_000);
      }
      expect([...world.tickets.values()].map(({ key, status }) => `${key} ${status}`)).toEqual(["T-1 done", "T-2 done", "T-3 open"]);
    },
  },
  {
    id: "record-of-the-project",
    rules: ["10.13"],
    promise: "A record of the project is one for its workflows; one without that scope is a workflow's own",
    workflow: small(ENSURE, { name: "one", top: ticket(`scope: "project",`) }),
    async play(stage) {
      const { world } = stage;
      world.items = [{ id: "1", title: "one" }];
      const shared = await stage.run();
      await stage.advance(60_000);
      const other = await stage.second(small(ENSURE, { name: "two", top: ticket(`scope: "project",`) }));
      expect([(await other.run()).output, world.count("create")]).toEqual([shared.output, 1]);
      const own = await stage.second(small(ENSURE, { name: "three", top: ticket() }));
      expect((await own.run()).held.map(({ label }) => label)).toEqual(["ticket 1"]);
    },
  },
  {
    id: "record-asks-anew",
    rules: ["10.14"],
    promise: "A killed run that goes on asks find again: what it found before its death is no answer",
    workflow: small(`await each(await repo.list_items({}), { key: (item) => item.id }, (item) => ticket.ensure(item));`, { top: ticket() }),
    async play(stage) {
      const { world } = stage;
      for (let point = 1; point <= 100; point += 1) {
        const id = `item-${point}`;
        world.items = [{ id, title: id }];
        const end = await stage.runAndDie(point);
        const searches = (): number => world.calls.filter(({ tool, args }) => tool === "search" && args["label"] === id).length;
        const isFound = searches() === 1 && world.count("create") === world.tickets.size && ![...world.tickets.values()].some(({ label }) => label === id);
        await stage.run();
        if (end === "died" && isFound) return void expect(searches()).toBeGreaterThan(1);
        if (end === "ended") return expect.unreachable("no run died between find and create");
        await stage.advance(60_000);
      }
      expect.unreachable("a run had more than 100 points");
    },
  },
  {
    id: "record-one-target",
    rules: ["22.24"],
    promise: "Two items that find one target cannot both adopt it",
    workflow: small(`return await each(await repo.list_items({}), { key: (item) => item.id, onError: "continue" }, async (item) => (await any.ensure(item)).key);`, {
      top: `const any = record("any", { identity: (item: repo.Item) => item.id, find: () => tracker.search({ label: "shared" }), create: (item) => tracker.create({ label: item.id, summary: item.title }), keep: (found) => ({ key: found.key }) });`,
    }),
    async play(stage) {
      const { world } = stage;
      world.items = [{ id: "1", title: "one" }, { id: "2", title: "two" }];
      world.tickets.set("X-1", { key: "X-1", label: "shared", summary: "by hand", status: "open", indexedAt: 0 });
      expect((await stage.run()).held).toHaveLength(2);
      const run = await stage.approveAll();
      expect([run?.output, run?.failures.map(({ error }) => error.code), world.count("create")]).toEqual([["X-1", null], ["AMBIGUOUS_RECORD"], 0]);
    },
  },
];
