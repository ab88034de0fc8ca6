import { each, once, sleep, until, workflow } from "offstage";
import { chat, repo } from "#servers";

const remind = async (id: string, when: "before" | "after") => {
  await once(`${id}:${when}`, () => chat.send({ text: `${id} ${when}` }));
};

export default workflow({ name: "sleep", on: [], limits: { writes: 50 } }, async ({ run }) => {
  const items = await repo.list_items({});
  const told = await each(items, { key: (item) => item.id, parallel: 8 }, async (item) => {
    await remind(item.id, "before");
    if (item.title === "slow") {
      await sleep("90d");
      await remind(item.id, "after");
    }
    return item.id;
  });
  await until(run.startedAt + 100 * 86_400_000);
  const left = await repo.list_items({});
  return { told, left: left.length };
});
