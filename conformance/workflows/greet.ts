import { input, workflow } from "offstage";
import { chat } from "#servers";

export default workflow({ name: "greet", description: "Says one text, anew in each run.", on: [], inputs: { text: "nothing", to: input({ schema: { type: ["string", "null"], minLength: 1 }, default: null }) }, limits: { writes: 1 } }, async ({ inputs, event }) => {
  await chat.send({ text: `${inputs.text} to ${inputs.to ?? "all"}` });
  return { event };
});
