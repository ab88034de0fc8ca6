import { type Data, hashJson, OffstageError, stringifyExact } from "offstage/base";
import type { Desk, Shown, Told } from "offstage/studio";
import type { CommandIo } from "../command-io.ts";
import { commandLine, givenFor } from "../command-line.ts";
import { applyPlan } from "../commands/apply.ts";
import { call } from "../commands/call.ts";
import { check, checkProfile } from "../commands/check.ts";
import { exportWorkflow } from "../commands/export.ts";
import { planWorkflow } from "../commands/plan.ts";
import { runs } from "../commands/runs.ts";
import { showRun } from "../commands/show.ts";
import { tools } from "../commands/tools.ts";
import { withStage } from "../compose.ts";
import { withStore } from "../compose-store.ts";
import { endAnswer } from "../end-answer.ts";
import { EXIT } from "../exit-code.ts";
import { planText } from "../output/plan-text.ts";
import { redacted } from "../output/redacted.ts";
import { openProject } from "../project/load-project.ts";
import { adoptDraft, adoptionOf } from "./adopt-draft.ts";
import { collect } from "./collect.ts";
import { draftedTexts } from "./draft-shelf.ts";

const MOST_RUNS = "20";

/** The desk of a session: the project's commands over its drafts. Each opens the project anew: what a person edits meanwhile counts at once. */
export function createProjectDesk(given: CommandIo): Desk {
  const io: CommandIo = { ...given, texts: draftedTexts };
  const told = (run: Parameters<typeof collect>[2], signal = io.signal): Promise<Told> => collect(io, signal, run);
  return {
    tools: (words) => told((inside) => tools(words, {}, inside)),
    call: (tool, args, signal) => told((inside) => call(tool, { args: stringifyExact(args as Data) }, inside), signal),
    check: (workflow) => told((inside) => check(workflow ?? undefined, false, inside)),
    checkProfile: (server, source) => told((inside) => checkProfile(inside, server, source)),
    plan: (workflow, inputs, signal) => told((inside) => withStage(inside, openProject(inside), async (stage) => {
      const planned = await planWorkflow(inside, stage, await stage.program(workflow), { inputs });
      if (planned.kind === "ended") return endAnswer(inside, stage, planned.run);
      inside.answer(planned.data, planned.text);
      return planned.isAmbiguous ? EXIT.waiting : EXIT.fine;
    }), signal),
    planned: (plan) => shown(io, ["apply", plan], (inside) => storedPlan(inside, plan)),
    apply: (plan, signal) => told((inside) => applyPlan(inside, plan), signal),
    adoption: (file) => shown(io, ["adopt", file.file], (inside) => adoptionOf(inside, file)),
    adopt: (file, revision) => told((inside) => adoptDraft(inside, file, revision)),
    runs: (workflow) => told((inside) => runs(inside, { limit: MOST_RUNS, ...(workflow === null ? {} : { workflow }) })),
    show: (run) => told((inside) => showRun(inside, run ?? undefined)),
    export: (workflow, to) => told((inside) => exportWorkflow(inside, workflow, { to })),
  };
}

/** What a person is to look at; `words` are the command by which they permit it themselves. */
async function shown(io: CommandIo, words: readonly string[], look: (io: CommandIo) => Promise<{ readonly about: string; readonly text: string }>): Promise<Shown> {
  let about = "";
  const told = await collect(io, io.signal, async (inside) => {
    const found = await look(inside);
    about = found.about;
    inside.answer(null, found.text);
    return EXIT.fine;
  });
  return { ...told, about, command: commandLine(io, ...words) };
}

/** A plan that can still be applied, whole. Errors: `PLAN_UNKNOWN`, `PLAN_APPLIED`. */
async function storedPlan(io: CommandIo, id: string): Promise<{ readonly about: string; readonly text: string }> {
  const row = await withStore(openProject(io), (store) => store.transact({ durable: false, reads: true }, (tx) => tx.getPlan(id)));
  if (row === null) throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${id}.`, { hint: "Plan the workflow: the answer names its plan." });
  if (row.appliedAt !== null) throw new OffstageError("PLAN_APPLIED", `The plan ${id} was applied at ${new Date(row.appliedAt).toISOString()}.`, { hint: "What is left needs a new plan." });
  const text = planText(redacted(io, row.plan), { width: Infinity, paint: (_sign, line) => line, ...givenFor(io) });
  return { about: hashJson(["apply", row.plan] as unknown as Data), text: `${row.plan.workflow}, planned ${new Date(row.plan.createdAt).toISOString()}:\n\n${text}` };
}
