import { each, once, state, workflow } from "offstage";
import { chat, repo } from "#servers";

const seen = state("seen", 0);

export default workflow({ name: "tell", description: "Tells every item once, and counts the runs that did.", on: [], inputs: { prefix: "" }, limits: { writes: 50 } }, async ({ inputs }) => {
  const items = await repo.list_items({});
  await each(items, { key: (item) => item.id }, (item) => once(`tell:${item.id}`, () => chat.send({ text: `${inputs.prefix}${item.title}` })));
  const before = await seen.get();
  await seen.set(before + 1);
  return { told: items.length, before };
});
