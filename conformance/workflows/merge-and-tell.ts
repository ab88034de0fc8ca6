import { every, once, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "merge-and-tell", description: "Merges, then tells.", on: [every("1h")] }, async () => {
  const result = await once("merge:1", () => repo.merge({ id: "1" }));
  await once("tell:1", () => chat.send({ text: `merged: ${result.merged ? "yes" : "no"}` }));
});
