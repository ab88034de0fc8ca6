import { call, once, workflow } from "offstage";
import { chat } from "#servers";
import tell from "./tell.ts";

export default workflow({ name: "tell-twice", description: "Calls another workflow twice, and says so under a key that the other one could have too.", on: [], limits: { writes: 50 } }, async () => {
  const first = await call(tell, { prefix: "first " });
  const again = await call(tell, {});
  await once("tell:own", () => chat.send({ text: "own" }));
  return { first, again };
});
