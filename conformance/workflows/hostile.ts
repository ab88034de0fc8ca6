import { each, every, once, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "hostile", description: "Tells of every item once, and hands on whatever it holds.", on: [every("1h")], limits: { writes: 50 } }, async () => {
  const items = await repo.list_items({});
  return each(items, { key: (item) => item.id, onError: "continue" }, async (item) => {
    const { id, title, text } = item;
    const more = { payload: text };
    await once(`tell:${id}`, () => chat.send({ text: title, ...more }));
    return { id, payload: text };
  });
});
