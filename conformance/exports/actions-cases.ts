import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import type { Case } from "./case.ts";
import { program, run } from "./tools.ts";

function linted(folder: string): { readonly status: number | null; readonly said: string } {
  const workflows = join(folder, ".github/workflows");
  const { status, out, err } = run(program("actionlint"), ["-no-color", ...readdirSync(workflows).map((file) => join(workflows, file))], { cwd: folder });
  return { status, said: `${out}${err}`.trim() };
}

const EXPORTED: readonly (readonly [string, DeployOptions])[] = [["nightly", {}], ["nightly", { language: "python" }], ["nightly", { language: "typescript" }]];

const good = EXPORTED.map(([workflow, options]): Case => ({
  name: `actions: ${workflow} ${JSON.stringify(options)}`,
  async run(projects) {
    const { status, said } = linted(await projects.write(workflow, "actions", options));
    assert.equal(said, "");
    assert.equal(status, 0);
    return "actionlint says nothing";
  },
}));

const wrong: Case = {
  name: "actions, wrong: an unknown key, an output that is not there and an unsafe expression are told",
  async run(projects) {
    const folder = await projects.write("nightly", "actions");
    const path = join(folder, ".github/workflows/nightly.yml");
    const text = readFileSync(path, "utf8");
    const told: string[] = [];
    for (const [from, to, says] of [["timeout-minutes: 30", "timeout-minute: 30", 'unexpected key "timeout-minute"'], ["outputs.changes == ", "outputs.changed == ", 'property "changed" is not defined'], ["timezone: Europe/Berlin", "timezone: Europe/Nowhere", "Nowhere"]] as const) {
      assert(text.includes(from), from);
      writeFileSync(path, text.replace(from, to));
      const { status, said } = linted(folder);
      assert.notEqual(status, 0, `${to} was taken`);
      assert(said.includes(says), said);
      told.push(says);
    }
    return told.join("; ");
  },
};

const refused: Case = {
  name: "actions, wrong: messages alone, and runs that wait, are refused before anything is written",
  async run(projects) {
    for (const workflow of ["orders", "ask"]) await assert.rejects(projects.write(workflow, "actions"), { code: "EXPORT_REFUSED" });
    return "EXPORT_REFUSED";
  },
};

/** What actionlint says of workflows of GitHub Actions. */
export const ACTIONS: readonly Case[] = [...good, wrong, refused];
