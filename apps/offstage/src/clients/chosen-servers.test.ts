import { expect, test } from "vitest";
import { answeredServers, chosenServers } from "./chosen-servers.ts";
import type { FoundServer } from "./find-servers.ts";

function found(client: string, name: string, collides: FoundServer["collides"] = null): FoundServer {
  return { name, client, files: [], entry: { kind: "http", type: null, url: `https://${client}.example`, headers: {} }, variables: [], collides };
}

const FOUND = [found("cursor", "github"), found("cursor", "git"), found("codex", "github", "client"), found("codex", "mine", "project")];

test.each([
  ["all", "cursor:github cursor:git"],
  ["none", ""],
  ["git", "cursor:git"],
  [" git , github", "cursor:git cursor:github"],
  ["codex:github", "codex:github"],
])("%s are %s", (which, chosen) => {
  expect(chosenServers(which, FOUND).map(({ client, name }) => `${client}:${name}`).join(" ")).toBe(chosen);
});

test.each([
  ["", ""], ["\n", ""], ["n", ""], ["No", ""], ["none", ""],
  ["y", "github git"], ["YES", "github git"], ["all", "github git"],
  ["git", "git"], ["git, github\n", "git github"],
])("whoever answers %j wants %j", (answer, names) => {
  expect(answeredServers(answer, FOUND).map(({ name }) => name).join(" ")).toBe(names);
});

test.each([
  ["jira", "no client has a server jira"],
  ["zed:git", "no client has a server zed:git"],
  ["github,codex:github", "names github twice"],
])("%s is refused", (which, why) => {
  expect(() => chosenServers(which, FOUND)).toThrow(why);
});
