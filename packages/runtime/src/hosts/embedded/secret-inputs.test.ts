import { expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { createHostWorld } from "../../testing/host-world.ts";

const CALL = { kind: "call" } as const;
const SEND = bodyProgram('await once("k", () => world.send({ text: inputs.any })); return "sent";');

test("inputs that hold a secret are refused before anything is stored, and the secret is not said", async () => {
  const world = await createHostWorld();
  const redactor = createRedactor();
  redactor.register("correct-horse", "TOKEN");
  const host = world.host(1, { redactor });
  const inputs = { any: { deep: ["a correct-horse"] } };
  const refused: unknown = expect.objectContaining({ code: "SECRET_IN_INPUT", message: expect.not.stringContaining("horse") as string });
  await expect(host.start({ program: SEND, inputs, event: CALL })).rejects.toEqual(refused);
  await expect(host.plan({ program: SEND, inputs, event: CALL, cancelled: new AbortController().signal })).rejects.toEqual(refused);
  await expect(host.start({ program: { ...SEND, inputs }, inputs: {}, event: CALL })).rejects.toEqual(refused);
  expect(await world.runs()).toEqual([]);
  expect(world.called).toEqual([]);
  await world.close();
});
