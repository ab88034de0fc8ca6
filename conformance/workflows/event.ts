import { each, once, waitFor, webhook, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "event", on: [], limits: { writes: 50 } }, async () => {
  const items = await repo.list_items({});
  return await each(items, { key: (item) => item.id, parallel: 9 }, async (item) => {
    try {
      const merged = await waitFor(webhook("repo"), { when: (e) => e.body.id === item.id && e.body.by.startsWith("by "), within: "7d" });
      if (merged !== null) await once(`tell:${item.id}`, () => chat.send({ text: `${item.id} ${merged.body.by}` }));
      return `${item.id} ${merged === null ? "nobody" : merged.body.by}`;
    } catch {
      return `${item.id} odd`;
    }
  });
});
