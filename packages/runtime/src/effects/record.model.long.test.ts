import { describe, expect, test } from "vitest";
import { CREATE, dying, WAYS, waysToEnsure } from "../testing/record-model.ts";

describe("the model of one record, every way within the wider bounds", { timeout: 300_000 }, () => {
  test("create: two processes, a crash anywhere, every fate of a send, a search that lags", async () => {
    expect(await waysToEnsure(2, CREATE)).toBeGreaterThan(10 * WAYS);
  });

  test("create: one process that dies three times, and the clock may jump in between", async () => {
    expect(await waysToEnsure(4, dying(1))).toBeGreaterThan(10 * WAYS);
  });
});
