/**
 * Starts a hostile MCP server in its sandbox and has it try what it may not: read secrets, write elsewhere, reach hosts and services
 * of this machine, survive; and Python programs that need to find what they are made of. Needs bubblewrap, socat, ripgrep and Python, which it installs on Debian as root, and fails without them: a check
 * that did not run is not a success.
 *
 * `npm run test:sandbox [-- --only WORDS]`
 */
import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { parseArgs } from "node:util";
import { installOnDebian } from "../../scripts/house/debian.ts";
import { CASES } from "./cases.ts";
import { PYTHON_CASES, SYSTEM_PYTHON } from "./python-cases.ts";

/** Debian's packages that the sandbox needs, by the program that shows that they are there. */
const PACKAGES = { bwrap: "bubblewrap", socat: "socat", rg: "ripgrep", [SYSTEM_PYTHON]: "python3" } as const;

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const folders = (process.env["PATH"] ?? "").split(delimiter);
installOnDebian(Object.entries(PACKAGES).filter(([program]) => !folders.some((folder) => existsSync(resolve(folder, program)))).map(([, name]) => name));
const startedAt = performance.now();
let failed = 0;
const cases = [...CASES, ...PYTHON_CASES].filter(({ name }) => name.includes(values.only));
for (const { name, run } of cases) {
  const begunAt = performance.now();
  try {
    await run();
    process.stdout.write(`ok    ${name} (${Math.round(performance.now() - begunAt)} ms)\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`FAULT ${name}\n      ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
process.stdout.write(`\n${cases.length - failed} of ${cases.length} cases held in ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
process.exitCode = failed === 0 && cases.length > 0 ? 0 : 1;
