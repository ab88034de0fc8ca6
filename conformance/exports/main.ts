/**
 * Exports looked at by the tools of those who run them: kustomize, kubeconform over strict schemas, kubernetes-models, the API server's own look at pods, the Compose
 * reference, systemd, actionlint, CloudFormation's linter, Lambda's runtime API. Everything is installed below `.tools/` once; Go and Python are needed.
 *
 * `npm run test:exports [-- --only WORDS]`
 */
import { parseArgs } from "node:util";
import { ACTIONS } from "./actions-cases.ts";
import type { Case } from "./case.ts";
import { CONTAINERS } from "./container-cases.ts";
import { FUNCTIONS } from "./function-cases.ts";
import { KUBERNETES } from "./kubernetes-cases.ts";
import { MACHINE } from "./machine-cases.ts";
import { makeSchemas } from "./kubernetes-schemas.ts";
import { makeProjects } from "./projects.ts";
import { PYTHON_FUNCTIONS } from "./python-function-cases.ts";
import { installTools, versions } from "./tools.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const startedAt = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

installTools(say);
makeSchemas(say);
say(versions().join(", "));
const ALL: readonly Case[] = [...KUBERNETES, ...MACHINE, ...ACTIONS, ...FUNCTIONS, ...CONTAINERS, ...PYTHON_FUNCTIONS];
const cases = ALL.filter(({ name }) => name.includes(values.only));
const projects = await makeProjects();
let held = 0;
try {
  for (const { name, run } of cases) {
    const { fault, told } = await run(projects).then((text) => ({ fault: null, told: text }), (error: unknown) => ({ fault: error, told: "" }));
    held += fault === null ? 1 : 0;
    say(fault === null ? `ok    ${name}\n      ${told}` : `FAULT ${name}\n      ${fault instanceof Error ? (fault.stack ?? fault.message) : JSON.stringify(fault)}`);
  }
} finally {
  projects.remove();
}
say(`\n${held} of ${cases.length} cases held in ${Math.round((performance.now() - startedAt) / 1000)} s`);
process.exitCode = held === cases.length && held > 0 ? 0 : 1;
