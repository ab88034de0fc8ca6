import { each, every, record, workflow } from "offstage";
import { repo, tracker } from "#servers";

const ticket = record("ticket", {
  identity: (item: repo.Item) => item.id,
  find: (item) => tracker.search({ label: item.id }),
  create: (item) => tracker.create({ label: item.id, summary: item.title }),
  keep: (found) => ({ key: found.key }),
  release: (kept) => tracker.close({ key: kept.key }),
  reopen: (kept) => tracker.reopen({ key: kept.key }),
});

export default workflow({ name: "desk", description: "A ticket for every item that is not over.", on: [every("1h")], limits: { writes: 50 } }, async () => {
  const items = await repo.list_items({});
  await each(items, { key: (item) => item.id }, async (item) => {
    if (item.title === "over") await ticket.release(item.id);
    else await ticket.ensure(item);
  });
});
