import { expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld } from "../../testing/host-world.ts";

const CALL = { kind: "call" } as const;
const LABELS = programOf(`import { workflow, input } from "offstage"; export default workflow({ name: "w", on: [], inputs: { n: 1, labels: input({ schema: { type: "array", items: { enum: ["bug", "idea"] } }, default: [] }), key: input({ schema: { type: "string" } }) } }, async ({ inputs }) => inputs);`);

test("a run gets what it is given over the defaults, checked against default or schema before anything is stored", async () => {
  const world = await createHostWorld();
  const host = world.host(1);
  const run = await (await host.start({ program: LABELS, inputs: { key: "a", labels: ["idea"] }, event: CALL })).finished;
  expect(run).toMatchObject({ status: "succeeded", inputs: { n: 1, key: "a", labels: ["idea"] }, output: { n: 1, key: "a", labels: ["idea"] } });
  for (const [inputs, message] of [
    [{ key: "a", labels: ["bug", "joke"] }, /labels of w cannot be \["bug","joke"\]: \/1 must be equal to one of the allowed values: "bug", "idea"/],
    [{ key: "a", n: "1" }, /n of w is a number, not a text/],
    [{ key: "a", other: 1 }, /w has no input other/],
    [{}, /w needs the input key/],
  ] as const) {
    const refused: unknown = expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringMatching(message) as string, hint: expect.stringMatching(/\S/) as string });
    await expect(host.start({ program: LABELS, inputs, event: CALL })).rejects.toEqual(refused);
    await expect(host.plan({ program: LABELS, inputs, event: CALL, cancelled: new AbortController().signal })).rejects.toEqual(refused);
  }
  expect(await world.runs()).toHaveLength(1);
  await world.close();
});

test("an input that is wrong and a secret is told as the secret, which no message shows", async () => {
  const world = await createHostWorld();
  const redactor = createRedactor();
  redactor.register("correct-horse", "TOKEN");
  await expect(world.host(1, { redactor }).start({ program: LABELS, inputs: { key: "a", n: "correct-horse" }, event: CALL })).rejects.toMatchObject({ code: "SECRET_IN_INPUT" });
  await world.close();
});
