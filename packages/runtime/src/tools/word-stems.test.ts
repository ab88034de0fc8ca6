import { expect, test } from "vitest";
import { saysSomething, stemsOf } from "./word-stems.ts";

test("number, tense and kind of a word do not matter", () => {
  for (const word of ["creates", "created", "creating", "creation", "CREATE"]) expect(stemsOf(word)).toEqual(["creat"]);
  expect(stemsOf("stopped queries branches boxes deployments")).toEqual(["stop", "query", "branch", "box", "deploy"]);
});

test("what only looks like an ending stays", () => {
  expect(stemsOf("comment bed string status issue")).toEqual(["comment", "bed", "string", "status", "issu"]);
});

test("names fall into their words", () => {
  expect(stemsOf("listPullRequests get-file_info")).toEqual(["list", "pull", "request", "get", "fil", "info"]);
});

test("words that stand in every sentence say nothing", () => {
  expect(stemsOf("what is the name of this").filter(saysSomething)).toEqual(["nam"]);
});
