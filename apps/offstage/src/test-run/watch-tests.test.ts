import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestProject, type TestProject } from "../testing/command-line.ts";
import type { FileResult } from "./test-result.ts";
import { touched } from "./watch-tests.ts";

// The command itself: watch-tests.long.test.ts.

let project: TestProject;
beforeAll(() => void (project = createTestProject({ "workflows/tickets.test.ts": "", "workflows/announce.test.ts": "" })));
afterAll(() => project.remove());

test.each([
  [["workflows/tickets.ts"], ["workflows/tickets.test.ts"]],
  [["workflows/announce.test.ts"], ["workflows/announce.test.ts"]],
  [["fixtures/tickets/two.json"], ["workflows/tickets.test.ts"]],
  [["workflows/other.ts"], ["workflows/announce.test.ts"]],
  [["fixtures/other"], ["workflows/announce.test.ts"]],
  [["offstage.lock"], ["workflows/announce.test.ts", "workflows/tickets.test.ts"]],
  [["profiles/desk.ts", "workflows/tickets.ts"], ["workflows/announce.test.ts", "workflows/tickets.test.ts"]],
  [["fixtures", "workflows"], []],
  [["workflows/gone.test.ts"], []],
])("a change of %j touches %j", (changed, files) => {
  const ran: FileResult = { file: "workflows/announce.test.ts", tests: [], failure: null, workflows: ["other"] };
  expect(touched(project.folder, changed, { workflow: undefined, last: new Map([[ran.file, ran]]) })).toEqual(files);
});
