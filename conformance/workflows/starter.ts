import { each, once, start, type StepError, workflow } from "offstage";
import { chat, repo } from "#servers";
import greet from "./greet.ts";

export default workflow({ name: "starter", description: "Starts a run for each item, and one that is not allowed.", on: [], limits: { writes: 100 } }, async () => {
  const items = await repo.list_items({});
  const runs = await each(items, { key: (item) => item.id }, async (item) => {
    const { run } = await start(greet, `item:${item.id}`, { text: item.title, to: item.id });
    return run;
  });
  const attempt = async () => {
    try {
      await start(greet, "wrong", { to: "" });
      return "started";
    } catch (error) {
      return (error as StepError).code;
    }
  };
  const wrong = await attempt();
  await once("starter:done", () => chat.send({ text: "done" }));
  return { runs, wrong };
});
