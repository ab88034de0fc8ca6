import { fail, once, workflow } from "offstage";
import { chat } from "#servers";

export default workflow({ name: "give", description: "Gives back what it got, and more as it is asked to.", on: [], inputs: { list: ["default"], how: "" }, limits: { writes: 5 } }, async ({ inputs }): Promise<any> => {
  if (inputs.how === "map") return new Map([["a", 1]]);
  if (inputs.how === "fail") throw fail("as asked");
  if (inputs.how === "tell") await once("given", () => chat.send({ text: "given" }));
  return { list: inputs.list };
});
