import { afterAll, describe, expect, test } from "vitest";
import { CASES } from "../cases.ts";
import { playPython } from "./python-stage.ts";
import { startStageProcesses } from "./stage-processes.ts";

/** What Python's host cannot do yet, and so which cases it fails. An entry whose case passes fails. */
const NOT_YET: ReadonlyMap<string, string> = new Map([
  ["w-event", "events are not offered to runs that wait for them"],
  ["x-inputs", "inputs with a JSON Schema are not checked"],
  ["y-started", "its workflow has an input with a JSON Schema"],
]);

const processes = startStageProcesses();
afterAll(() => processes.close());

describe("on the exported Python", () => {
  test.each(CASES.filter(({ id }) => !NOT_YET.has(id)))("$id: $promise", (one) => playPython(one, processes));

  test.each([...NOT_YET])("%s is not played yet: %s", async (id) => {
    const [one] = CASES.filter((each) => each.id === id);
    if (one === undefined) throw new Error(`There is no case ${id}.`);
    expect(await playPython(one, processes).then(() => "played", () => "not played")).toBe("not played");
  });
});
