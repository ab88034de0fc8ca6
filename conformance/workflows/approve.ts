import { approve, each, once, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "approve", on: [], limits: { writes: 50 } }, async () => {
  const items = await repo.list_items({});
  return await each(items, { key: (item) => item.id, parallel: 9 }, async (item) => {
    const { outcome, by } = await approve({ message: `Tell of ${item.id}?`, show: { title: item.title }, by: ["tester", "boss"], within: "7d" });
    if (outcome === "approved") await once(`tell:${item.id}`, () => chat.send({ text: `${item.id} ${item.title}` }));
    return `${item.id} ${outcome} ${by ?? "nobody"}`;
  });
});
