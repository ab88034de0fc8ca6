import { each, every, once, state, workflow } from "offstage";
import { chat, repo } from "#servers";

const cursor = state("cursor", "");

export default workflow({ name: "cursor", description: "Tells of items after the cursor.", on: [every("1h")], limits: { writes: 10 } }, async () => {
  const last = await cursor.get();
  const items = (await repo.list_items({})).filter((item) => item.id > last);
  await each(items, { key: (item) => item.id }, async (item) => {
    await once(`say:${item.id}`, () => chat.send({ text: item.title }));
  });
  const newest = items.at(-1);
  if (newest) await cursor.set(newest.id);
  return items.length;
});
