import { expect, test } from "vitest";
import { commandLine, inProject } from "./command-line.ts";

test("a command to give next names the project that this one named, and quotes what a shell would take apart", () => {
  expect(commandLine({ projectFolder: null }, "apply", "first.plan.json")).toBe("offstage apply first.plan.json");
  expect(commandLine({ projectFolder: "my project" }, "apply", "it's.json")).toBe("offstage apply 'it'\\''s.json' --project 'my project'");
});

test("commands that a hint names are given for the same project", () => {
  const io = { projectFolder: "my project" };
  expect(inProject(io, "Run `offstage lock` and look at offstage.lock; `offstage help <command>` helps.")).toBe("Run `offstage lock --project 'my project'` and look at offstage.lock; `offstage help <command> --project 'my project'` helps.");
  expect(inProject(io, `Call it once: offstage call a.b --args '{"x":1}'`)).toBe(`Call it once: offstage call a.b --args '{"x":1}' --project 'my project'`);
  expect(inProject(io, "Make a project there: offstage init --project there")).toBe("Make a project there: offstage init --project there");
  expect(inProject(io, "Look at it, then tell: offstage resolve 1a2b. Later runs: offstage approve 3c4d, or deny")).toBe("Look at it, then tell: offstage resolve 1a2b --project 'my project'. Later runs: offstage approve 3c4d --project 'my project', or deny");
  expect(inProject(io, "To import them: offstage init --import a,b.c; or none")).toBe("To import them: offstage init --import a,b.c --project 'my project'; or none");
  expect(inProject({ projectFolder: null }, "Run `offstage lock`.")).toBe("Run `offstage lock`.");
  expect(inProject({ ...io, asCalled: (command) => (command === "check" ? "look" : null) }, "Run `offstage lock`, then: offstage check")).toBe("Run `offstage lock --project 'my project'`, then: look");
  expect(inProject(io, "Call it: offstage call a.b --args '{\"x\":\"it'\\''s\"}'")).toBe("Call it: offstage call a.b --args '{\"x\":\"it'\\''s\"}' --project 'my project'");
});
