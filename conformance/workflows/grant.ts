import { each, once, workflow, every } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "grant", description: "Says each item in chat; what needs approval waits.", on: [every("1h")], limits: { writes: 10 } }, async () => {
  const items = await repo.list_items({});
  await each(items, { key: (item) => item.id }, async (item) => {
    if (item.title.startsWith("merge")) await once(`merge:${item.id}`, () => repo.merge({ id: item.id }));
    else await once(`say:${item.id}`, () => chat.send({ text: item.title }));
  });
  return items.length;
});
