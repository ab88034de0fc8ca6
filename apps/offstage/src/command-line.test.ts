import { expect, test } from "vitest";
import { commandLine } from "./command-line.ts";

test("a command to give next names the project that this one named, and quotes what a shell would take apart", () => {
  expect(commandLine({ projectFolder: null }, "apply", "first.plan.json")).toBe("offstage apply first.plan.json");
  expect(commandLine({ projectFolder: "my project" }, "apply", "it's.json")).toBe("offstage apply 'it'\\''s.json' --project 'my project'");
});
