import { expect, test } from "vitest";
import { answeredTools, givenAnswers } from "./given-answers.ts";

test("an answer is that of a tool, or of its calls with some arguments before that", () => {
  const given = { "desk.say": { ok: true }, 'files.read {"path":"/a"}': "A", 'files.read {"path":"/b","head":1}': "B", "files.list": [] };
  const answers = givenAnswers(given);
  const read = answers["files.read"] as (args: unknown) => unknown;
  expect([read({ path: "/a", head: 9 }), read({ path: "/b", head: 1 }), read({ path: "/b" }), answers["desk.say"]]).toEqual(["A", "B", undefined, { ok: true }]);
  const withOthers = givenAnswers({ ...given, "files.read": "else" })["files.read"] as (args: unknown) => unknown;
  expect([withOthers({ path: "/a" }), withOthers({ path: "/b" })]).toEqual(["A", "else"]);
  expect([...answeredTools(given)]).toEqual(["desk.say", "files.read", "files.list"]);
  expect(() => givenAnswers({ "files.read {path}": 1 })).toThrow("are no JSON");
});
