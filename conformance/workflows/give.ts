import { each, fail, once, range, workflow } from "offstage";
import { chat } from "#servers";

export default workflow({ name: "give", description: "Gives back what it got, and more as it is asked to.", on: [], inputs: { list: ["default"], how: "" }, limits: { writes: 3 } }, async ({ inputs, event }): Promise<any> => {
  if (inputs.how === "map") return new Map([["a", 1]]);
  if (inputs.how === "fail") throw fail("as asked");
  if (inputs.how === "tell") await once("given", () => chat.send({ text: "given" }));
  if (inputs.how === "many") await each(range(4), { key: (n) => String(n) }, (n) => once(`many:${String(n)}`, () => chat.send({ text: String(n) })));
  if (inputs.how === "event") return event === null ? "no event" : "an event";
  return { list: inputs.list };
});
