import { each, once, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "resources", description: "Reads resources and a prompt, and says what they hold.", on: [], limits: { writes: 50 } }, async () => {
  const about = (await repo.read("repo://about")) as { readonly text: string };
  const items = await repo.list_items({});
  const told = await each(items, { key: (item) => item.id }, async (item) => {
    const found = (await repo.read(`repo://items/${item.id}`)) as { readonly title: string };
    const { text } = await repo.prompt("greeting", { name: found.title });
    await once(`tell:${item.id}`, () => chat.send({ text }));
    return text;
  });
  try {
    await repo.read("repo://items/none");
  } catch {
    return { about: about.text, told };
  }
  return null;
});
