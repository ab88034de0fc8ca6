import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const inputsAreWhatTheirSchemasAllow: ConformanceCase = {
  id: "x-inputs",
  rules: ["1.5", "1.7", "1.8", "22.36"],
  promise: "Inputs are their defaults and what is given over them, checked against default or schema wherever they are given",
  workflow: "given.ts",
  async play(stage) {
    const run = await stage.run();
    expect(run.output).toEqual([
      { repo: "api", plain: ["a"], labels: [], key: null, first: "none", length: 0 },
      { repo: "api", plain: ["a"], labels: ["idea"], key: "ab", first: "idea", length: 2 },
      "INPUT_INVALID labels needs the input key.",
      'INPUT_INVALID The input key of labels cannot be "A": it must match pattern "^[a-z]+$".',
      'INPUT_INVALID The input labels of labels cannot be ["joke"]: /0 must be equal to one of the allowed values: "bug", "idea".',
      "INPUT_INVALID The input repo of labels is a text, not a number: 1.",
      "INPUT_INVALID labels has no input other.",
      { repo: "api", plain: [1], labels: [], key: null, first: "none", length: 0 },
    ]);
    const own = await stage.second("labels.ts");
    await expect(own.run()).rejects.toMatchObject({ code: "INPUT_INVALID", message: "labels needs the input key." });
    expect((await own.run({ key: "ab", labels: ["idea"] })).output).toEqual({ repo: "api", plain: ["a"], labels: ["idea"], key: "ab", first: "idea", length: 2 });
  },
};
