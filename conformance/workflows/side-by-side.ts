import { each, once, parallel, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "side-by-side", description: "Two branches that write and one that reads, side by side.", on: [], limits: { writes: 50 } }, async () => {
  const items = await repo.list_items({});
  const done = await parallel({
    merged: () => each(items, { key: (item) => item.id }, async (item) => (await once(`merge:${item.id}`, () => repo.merge({ id: item.id }))).merged),
    told: () => each(items, { key: (item) => item.id, parallel: 2 }, async (item) => {
      await once(`tell:${item.id}`, () => chat.send({ text: item.title }));
      return item.title;
    }),
    count: async () => (await repo.list_items({ state: "open" })).length,
  });
  return { merged: done.merged.length, told: done.told, count: done.count };
});
