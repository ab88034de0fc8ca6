import { expect, test } from "vitest";
import { workflowNotFound } from "./workflow-not-found.ts";

test.each([
  ["leak-tickest", "There is no workflows/leak-tickest.ts.", "Did you mean leak-tickets? There are: helper, leak-tickets."],
  ["Helper", "There is no workflows/Helper.ts.", "Did you mean helper? There are: helper, leak-tickets."],
  ["workflows/helper.ts", '"workflows/helper.ts" does not name a workflow: its name has no folder and no ending.', "Did you mean helper? There are: helper, leak-tickets."],
  ["helper.ts", '"helper.ts" does not name a workflow: its name has no folder and no ending.', "Did you mean helper? There are: helper, leak-tickets."],
  ["unlike", "There is no workflows/unlike.ts.", "There are: helper, leak-tickets."],
])("%s is told with the workflow that was most likely meant", (typed, message, hint) => {
  expect(workflowNotFound(typed, ["helper", "leak-tickets"])).toMatchObject({ code: "WORKFLOW_NOT_FOUND", message, hint });
});

test("one that is only drafted says how it is adopted", () => {
  expect(workflowNotFound("rich", ["helper"], { isDrafted: true })).toMatchObject({ message: "There is no workflows/rich.ts.", hint: "There is a draft of it: offstage adopt workflows/rich.ts" });
});

test("a project without workflows says where one goes", () => {
  expect(workflowNotFound("helper", []).hint).toBe("The project has no workflows yet: write one into workflows/.");
});
