import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const NAME = `blob:sha256:${createHash("sha256").update("picture bytes").digest("hex")}`;

export const bytesTravelByName: ConformanceCase = {
  id: "z-blobs",
  rules: ["7.15"],
  promise: "The bytes of a result are kept apart: a plan shows their name, and an apply in another process sends the bytes themselves",
  workflow: "picture.ts",
  async play(stage) {
    const { world } = stage;
    const plan = await stage.plan();
    expect(plan.effects.map(({ args }) => args.value)).toEqual([{ text: NAME }]);
    world.picture = "other bytes";
    const run = await (await stage.second()).apply(plan);
    expect(run.output).toEqual({ name: NAME, bytes: 13 });
    expect(world.messages).toEqual([Buffer.from("picture bytes").toString("base64")]);
  },
};
