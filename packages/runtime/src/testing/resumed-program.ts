import type { FakeTool } from "./fake-tool.ts";

/** Tools of a world in which one read and one write fail. */
export const RESUMED_TOOLS: { readonly [name: string]: FakeTool } = {
  list: { effect: "read", answer: () => [1, 2, 3].map((n) => ({ id: `i${n}`, n })) },
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => { if (id === "i2") throw new Error("gone"); return { id, note: `n-${id}` }; } },
  create: { effect: "write", answer: ({ id }: { readonly id: string }, world) => ({ key: `K-${id}-${world.called().filter((tool) => tool === "create").length}` }), fault: ({ id }: { readonly id: string }) => (id === "i3" ? "failed" : null) },
  comment: { effect: "write", answer: () => ({ ok: true }) },
  search: { effect: "read", consistent: true, answer: () => [] },
};

/** What stands above the body. */
export const RESUMED_TOP = `
const cursor = state("cursor", [] as string[]);
const ticket = record("ticket", { identity: (x: any) => x.id, find: () => world.search({}), create: (x: any) => world.create({ id: "r-" + x.id }), keep: (t: any) => ({ key: t.key }) });
const title = async (id: string) => { try { return (await world.get({ id })).note; } catch (e) { return "none"; } };`;

/** A body with reads, states, records, writes and loops of each kind. */
export const RESUMED_BODY = `
const started = now();
const items: any[] = await world.list({});
const serial = await each(items, { key: (x: any) => x.id, onError: "continue" }, async (x: any) => {
  const t = await title(x.id);
  await cursor.set([...(await cursor.get()), x.id]);
  const kept = await ticket.ensure(x);
  const w = await once("c:" + x.id, () => world.create({ id: x.id }));
  return { t, w: w.key, kept, at: started };
});
const wide = await each(items, { key: (x: any) => x.id, parallel: 2 }, async (x: any) => (await world.comment({ on: x.n })).ok);
let total = 0;
for (const x of items) { const r = await title(x.id); total += r.length; }
return { serial, wide, total, cursor: await cursor.get(), started };`;
