import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { env } from "node:process";
import { parse } from "yaml";
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

/** What a step did: how it ended, what it said to later jobs, and to people. */
interface Step {
  readonly status: number | null;
  readonly outputs: string;
  readonly summary: string;
}

/** The step that plans, as a runner runs it, where planning answers `document` and ends with `code`. */
function planned(folder: string, document: string, code: number): Step {
  const { jobs } = parse(readFileSync(join(folder, ".github/workflows/nightly.yml"), "utf8")) as { readonly jobs: { readonly plan: { readonly steps: readonly { readonly id?: string; readonly run?: string }[] } } };
  const script = jobs.plan.steps.find(({ id }) => id === "plan")?.run ?? "";
  const app = mkdtempSync(join(folder, "app-"));
  const command = join(app, "node_modules/.bin/offstage");
  mkdirSync(dirname(command), { recursive: true });
  writeFileSync(command, `#!/bin/sh\ncat <<'EOF'\n${document}\nEOF\nexit ${code}\n`, { mode: 0o755 });
  const [outputs, summary] = [join(app, "outputs"), join(app, "summary")];
  for (const file of [outputs, summary]) writeFileSync(file, "");
  const { status } = run("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script], { cwd: app, env: { PATH: env["PATH"], GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary } });
  return { status, outputs: readFileSync(outputs, "utf8"), summary: readFileSync(summary, "utf8") };
}

const steps: Case = {
  name: "actions: the plan job is red where something failed, says it in its summary, and what was planned is offered all the same",
  async run(projects) {
    const folder = await projects.write("nightly", "actions");
    const answer = (effects: readonly unknown[], failures: readonly unknown[]): string => JSON.stringify({ version: 1, command: "plan", ok: true, result: { plan: { id: "p1", effects }, failures, ambiguous: [] } });
    const failure = { step: "each#1", error: { code: "FAILED", message: "no `slug`" } };
    assert.deepEqual(planned(folder, answer([], []), 0), { status: 0, outputs: "changes=false\nplan=p1\n", summary: "```json\n{}\n```\n" });
    const changed = planned(folder, answer([{ label: "a" }], []), 0);
    assert.deepEqual([changed.status, changed.outputs, changed.summary.includes("failures")], [0, "changes=true\nplan=p1\n", false]);
    const partly = planned(folder, answer([{ label: "a" }], [failure]), 1);
    assert.deepEqual([partly.status, partly.outputs, partly.summary.includes("no `slug`")], [1, "changes=true\nplan=p1\n", true]);
    assert.deepEqual([planned(folder, answer([], [failure]), 1).outputs, planned(folder, answer([], [failure]), 1).status], ["changes=false\nplan=p1\n", 1]);
    assert.deepEqual(planned(folder, JSON.stringify({ version: 1, command: "plan", ok: false, error: { code: "LOCK_INVALID", message: "no" } }), 2), { status: 2, outputs: "", summary: "" });
    return "0 and 1 with what each says; 2 without a plan";
  },
};

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
export const ACTIONS: readonly Case[] = [...good, steps, wrong, refused];
