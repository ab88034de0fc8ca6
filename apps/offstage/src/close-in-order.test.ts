import { expect, test } from "vitest";
import { closeInOrder } from "./close-in-order.ts";

test("what stands behind something that cannot be closed is closed too, in order, and the first error is told", async () => {
  const closed: string[] = [];
  const close = (name: string, error?: Error) => async (): Promise<void> => {
    await Promise.resolve();
    closed.push(name);
    if (error !== undefined) throw error;
  };
  await expect(closeInOrder([close("lease", new Error("the disk is full")), close("servers"), () => { throw new Error("later"); }, close("store")])).rejects.toThrow("the disk is full");
  expect(closed).toEqual(["lease", "servers", "store"]);
  await closeInOrder([close("all")]);
});
