import { each, every, record, workflow } from "offstage";
import { repo, tracker } from "#servers";

const ticket = record("ticket", {
  identity: (item: repo.Item) => item.id,
  find: (item) => tracker.search({ label: item.id }),
  create: (item) => tracker.create({ label: item.id, summary: item.title }),
  keep: (found) => ({ key: found.key }),
  read: (kept) => tracker.get({ key: kept.key }),
  same: (actual, item) => actual.summary === item.title,
  update: (kept, item) => tracker.update({ key: kept.key, summary: item.title }),
  release: (kept) => tracker.close({ key: kept.key }),
});

export default workflow({ name: "tickets", description: "One ticket per item.", on: [every("1h")], limits: { writes: 50 } }, async () => {
  const items = await repo.list_items({});
  const keys = await each(items, { key: (item) => item.id, parallel: 2, onError: "continue" }, async (item) => {
    const kept = await ticket.ensure(item);
    return kept.key;
  });
  return keys;
});
