import { expect, test } from "vitest";
import { findTraces } from "./machine-traces.ts";

const traces = [{ what: "the home", text: "/home/ada/" }, { what: "the name", text: "box" }];

test("a path of the machine is found with its line", () => {
  expect(findTraces("a.md", "fine\nsee /home/ada/notes", traces)).toEqual(["a.md:2: names the home (/home/ada/)"]);
});

test("a longer path that only ends alike, and a name too short to mean anything, are left alone", () => {
  expect(findTraces("a.md", "srv/home/ada/x, a box", traces)).toEqual([]);
});

test("a lock may link workspaces and not name a registry", () => {
  expect(findTraces("package-lock.json", '"resolved": "packages/runtime"', traces)).toEqual([]);
  expect(findTraces("package-lock.json", '"resolved": "https://registry.example/x.tgz"', traces)).toHaveLength(1);
});
