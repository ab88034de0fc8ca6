import { afterAll, describe, expect, test } from "vitest";
import { playEmbedded } from "../embedded-stage.ts";
import { type LeftBehind, leftBehind, type Leavings } from "../left-behind.ts";
import { UNLIKE_CASES } from "../unlike-answers.ts";
import { playPython } from "./python-stage.ts";
import { startStageProcesses } from "./stage-processes.ts";

const processes = startStageProcesses();
afterAll(() => processes.close());

describe("on the exported Python, what runs looks at the value, not at its type", () => {
  test.each(UNLIKE_CASES)("$id: $promise", async (one) => {
    const found: LeftBehind[] = [];
    const keep = async (left: Leavings): Promise<void> => void found.push(await leftBehind(left));
    await playPython(one, processes, keep);
    await playEmbedded(one, null, keep);
    expect(found[0]).toEqual(found[1]);
  });
});
