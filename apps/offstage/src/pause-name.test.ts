import { expect, test } from "vitest";
import { pauseName } from "./pause-name.ts";

test("a name that nothing has is told with those that there are, each once, also of what is paused", () => {
  expect(() => pauseName("nonesuch", { workflows: ["leaks"], servers: ["jira"], paused: ["server:jira", "server:gone"] })).toThrow(expect.objectContaining({ code: "USAGE", hint: "There are: all, workflow:leaks, server:jira, server:gone." }));
});
