import { describe, test } from "vitest";
import { playEmbedded } from "./embedded-stage.ts";
import { UNLIKE_CASES } from "./unlike-answers.ts";

describe("what runs looks at the value, not at its type", () => {
  test.each(UNLIKE_CASES)("$id: $promise", (one) => playEmbedded(one));
});
