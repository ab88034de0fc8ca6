import { once, poll, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "poll", on: [], limits: { writes: 9 } }, async () => {
  const found = await poll({ every: "1h", max: 3 }, async () => {
    const items = await repo.list_items({});
    return items.at(0)?.id;
  });
  if (found !== null) await once(`found:${found}`, () => chat.send({ text: found }));
  return found;
});
