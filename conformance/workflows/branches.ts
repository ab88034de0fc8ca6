import { every, fail, once, workflow } from "offstage";
import { chat, repo } from "#servers";

export default workflow({ name: "branches", description: "Writes behind conditions that a plan cannot know.", on: [every("1h")], limits: { writes: 10 } }, async () => {
  const result = await once("merge:1", () => repo.merge({ id: "1" }));
  try {
    if (!result.merged) return "not merged";
    await once("say:merged", () => chat.send({ text: "merged" }));
    if (result.merged) throw fail("on purpose");
    await once("say:never", () => chat.send({ text: "never" }));
  } catch {
    await once("say:caught", () => chat.send({ text: "caught" }));
  }
  await once("say:end", () => chat.send({ text: "end" }));
  return "end";
});
