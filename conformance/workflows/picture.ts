import { once, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "picture", on: [], limits: { writes: 2 } }, async () => {
  const { content } = (await repo.read("repo://picture")) as { readonly content: readonly { readonly blob: string; readonly bytes: number }[] };
  const [picture] = content;
  if (picture === undefined) return null;
  await once("show", () => chat.send({ text: picture.blob }));
  return { name: picture.blob, bytes: picture.bytes };
});
