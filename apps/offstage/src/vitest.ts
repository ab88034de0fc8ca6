import { basename, dirname } from "node:path";
import { createRedactor } from "offstage/base";
import { installTestRunner } from "offstage/rehearsal";
import { afterEach, expect, test } from "vitest";
import { createRehearsalStaging } from "./compose-rehearsal.ts";
import { readEnvironment } from "./config/environment.ts";
import { findProjectFolder } from "./config/project-folder.ts";
import { loadProject } from "./project/load-project.ts";
import { workflowOf } from "./test-run/test-files.ts";

// `setupFiles: ["@offstage/cli/vitest"]`: tests that import `offstage/test` run under vitest too, as tests of vitest. The project is
// the one that the test file lies in.

const file = expect.getState().testPath;
const folder = findProjectFolder(file === undefined ? process.cwd() : dirname(file), null);
const staging = createRehearsalStaging(loadProject(folder, { env: readEnvironment(), redactor: createRedactor() }));
let checks: (() => void)[] = [];

installTestRunner({
  staging,
  register: ({ name, limitMs, body }) => test(name, limitMs === null ? {} : { timeout: limitMs }, async () => body()),
  atTestEnd: (check) => void checks.push(check),
  warn: (text) => void process.stderr.write(`warning: ${text}\n`),
});

afterEach(() => {
  const ended = checks;
  checks = [];
  for (const check of ended) check();
});

// Compiling takes longer than vitest lets a test take. Whatever is wrong with the workflow is told by the test that needs it.
if (file !== undefined) await staging.workflow(workflowOf(`workflows/${basename(file)}`)).catch(() => undefined);
