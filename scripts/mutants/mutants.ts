/** One small wrong change, and the tests that must notice it. */
export interface Mutant {
  /** What goes wrong. */
  readonly name: string;
  /** Below `packages/runtime/src`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** `model`: the exploration of one record. `laws`: the properties of the gate. `cases`: all other tests of the three rooms. `events`: those of what starts runs; `edits`: those of what changes meanwhile. */
  readonly by: "model" | "laws" | "cases" | "events" | "edits";
}

/** The seeded mutants of gate, ledger, records and what starts runs: each breaks one promise. */
export const MUTANTS: readonly Mutant[] = [
  // The gate.
  { name: "planning performs", by: "laws", file: "gate/decide.ts", from: `if (context.phase === "plan") return`, to: `if (context.phase === "plan" && approval !== null) return` },
  { name: "an unknown identity is permitted", by: "laws", file: "gate/decide.ts", from: ` || !request.identityKnown) return`, to: `) return` },
  { name: "what may be made is made", by: "laws", file: "gate/decide.ts", from: `request.certainty !== "sure" || !request`, to: `!request` },
  { name: "a write does not wait for the held one before it", by: "laws", file: "gate/decide.ts", from: `if (request.after !== null) return`, to: `if (request.after === "never") return` },
  { name: "unknown arguments are sent", by: "laws", file: "gate/decide.ts", from: `if (effect.argsHash === null) return`, to: `if (effect.argsHash === "never") return` },
  { name: "the pause switch does nothing", by: "laws", file: "gate/decide.ts", from: `if (pause !== null) return`, to: `if (pause === "never") return` },
  { name: "the last rule decides", by: "laws", file: "gate/policy-match.ts", from: `for (const rule of rules) {`, to: `for (const rule of rules.toReversed()) {` },
  { name: "a rule that may match does not", by: "laws", file: "gate/policy-match.ts", from: `if (match !== "no") rulings.push`, to: `if (match === "yes") rulings.push` },
  { name: "a dry run writes", by: "laws", file: "gate/decide.ts", from: `if (context.dryRun) return`, to: `if (context.dryRun && context.phase === "apply") return` },
  { name: "a day's limit lets one more pass", by: "cases", file: "gate/decide.ts", from: `one.made >= one.limit.perDay`, to: `one.made > one.limit.perDay` },
  { name: "what the policy lets wait is made", by: "laws", file: "gate/decide.ts", from: `if (notNow !== null) return`, to: `if (notNow?.kind === "planning") return` },
  { name: "an apply ignores arguments", by: "cases", file: "gate/plan-match.ts", from: `if (knownHash(request.args, planned.args.unknown) !== planned.knownHash) return`, to: `if (planned.knownHash === "never") return` },
  { name: "an apply takes any line for its own", by: "laws", file: "gate/plan-match.ts", from: `planned === null || planned.id !== effect.id`, to: `planned === null` },
  { name: "a grant permits other arguments", by: "cases", file: "gate/decide.ts", from: ` && answer.argsHash === effect.argsHash && answer.expiresAt`, to: ` && answer.expiresAt` },
  { name: "a grant permits the same write at another site", by: "laws", file: "gate/shown-for.ts", from: `asked.target === target && `, to: `` },
  { name: "a grant never expires", by: "cases", file: "gate/decide.ts", from: ` && answer.expiresAt > context.now && isEnough`, to: ` && isEnough` },
  { name: "one of two is enough", by: "cases", file: "gate/decide.ts", from: `policy.approvers) >= (approval.count ?? 1)`, to: `policy.approvers) >= 1` },
  { name: "a changed target does not matter", by: "cases", file: "gate/decide.ts", from: `context.knownTarget !== null && `, to: `context.knownTarget === "never" && ` },
  { name: "the guard lets one more pass", by: "cases", file: "gate/approval.ts", from: `if (made + 1 > most)`, to: `if (made > most)` },
  { name: "one restore's doubt ends that of later ones", by: "cases", file: "state/restore-doubt.ts", from: `ended.epoch >= epoch`, to: `ended.epoch > 0` },
  { name: "a new generation needs nobody", by: "model", file: "gate/approval.ts", from: `if (action === "recreate") return`, to: `if (action === "call") return` },
  // The ledger and the one path.
  { name: "a no is only asked for where somebody has to permit it", by: "laws", file: "gate/decide.ts", from: `  if (denied !== null) return { kind: "hold", why: denied };\n`, to: `` },
  { name: "a no to other arguments counts", by: "cases", file: "gate/decide.ts", from: `answer.status === "denied" && answer.effect === effect.id && answer.argsHash === effect.argsHash && isNewer`, to: `answer.status === "denied" && answer.effect === effect.id && isNewer` },
  { name: "the starting of a run is sent to a server", by: "cases", file: "effects/intend.ts", from: `if (request.identity.kind === "start") return start(`, to: `if (request.args.value === "never") return start(` },
  { name: "the starting of a run is made where its server is", by: "cases", file: "effects/own-target.ts", from: `kind === "start" ?`, to: `kind === "step" ?` },
  { name: "the starting of a run counts for nothing", by: "cases", file: "effects/perform.ts", from: `intent.kind === "intended" || intent.made === true`, to: `intent.kind === "intended"` },
  { name: "a restored store starts anew what it forgot", by: "cases", file: "effects/gate-context.ts", from: `(identity.kind === "once" || identity.kind === "start")`, to: `identity.kind === "once"` },
  { name: "the deadline is not looked at before sending", by: "cases", file: "effects/perform.ts", from: `lost !== null || options.clock.now() >= entry.deadlineAt`, to: `lost !== null` },
  { name: "the lease is not looked at before sending", by: "cases", file: "effects/perform.ts", from: `const lost = await leaseLost(options);`, to: `const lost = options.fence === -1 ? await leaseLost(options) : null;` },
  { name: "the intent does not wait for the disk", by: "cases", file: "effects/perform.ts", from: `{ durable: !planning, `, to: `{ durable: false, ` },
  { name: "a refused repetition speaks for the attempt before it", by: "cases", file: "effects/perform.ts", from: `sent.kind === "failed" && inDoubt`, to: `sent.kind === "done" && inDoubt` },
  { name: "a late answer speaks for a newer attempt", by: "cases", file: "effects/perform.ts", from: `current.attempt === entry.attempt && `, to: `` },
  { name: "an outcome is written whatever row is there by now", by: "cases", file: "effects/perform.ts", from: `await tx.putEffect(ordinary, entry)`, to: `await tx.putEffect(ordinary, (await tx.getEffect(entry.id)) ?? entry)` },
  { name: "the compare-and-set is not asked how it went", by: "cases", file: "effects/intend.ts", from: `if (!(await tx.putEffect(entry, known.entry))) {`, to: `if (!(await tx.putEffect(entry, known.entry)) && effect.id === "") {` },
  { name: "two runs of a process attempt one write at once", by: "cases", file: "effects/turns.ts", from: `before === undefined ? body() : before.then(body, body)`, to: `body()` },
  { name: "the journal is not kept with the intent", by: "cases", file: "effects/intend.ts", from: `known, options);\n  await options.beforeCommit(tx);\n`, to: `known, options);\n` },
  { name: "another open effect of the identity does not matter", by: "cases", file: "effects/intend.ts", from: `(last.status === "intended" || last.status === "ambiguous")`, to: `last.status === "done" && last.outcome === null` },
  { name: "one target is adopted twice", by: "cases", file: "effects/intend.ts", from: `return !isTaken(other, identity) ? null : {`, to: `return other !== undefined ? null : {` },
  { name: "what may have happened is sent again", by: "model", file: "effects/ledger-answer.ts", from: `return mayRepeat(entry, request, argsHash) ? null : answerOf(entry, true);`, to: `return null;` },
  { name: "an interrupted intent counts as not sent", by: "model", file: "effects/ledger-answer.ts", from: `    case "intended":\n    case "ambiguous":`, to: `    case "intended":\n      return null;\n    case "ambiguous":` },
  { name: "a repetition with other arguments is the same call", by: "cases", file: "effects/ledger-answer.ts", from: ` && entry.argsHash === argsHash;`, to: `;` },
  { name: "a done write is not known to be", by: "model", file: "effects/ledger-answer.ts", from: `drifted(entry, request) : answerOf(entry, true);\n    case "failed"`, to: `drifted(entry, request) : null;\n    case "failed"` },
  { name: "any error proves that nothing happened", by: "model", file: "effects/effect-call.ts", from: `return answer.refused ? {`, to: `return !answer.refused || answer.refused ? {` },
  { name: "a thrown error proves that nothing happened", by: "cases", file: "effects/effect-call.ts", from: `    return ambiguous(request, entry, toErrorData(thrown));`, to: `    return { kind: "failed", error: toErrorData(thrown) };` },
  { name: "what is settled is settled again", by: "cases", file: "effects/settle.ts", from: `  if (entry.status !== "intended" && entry.status !== "ambiguous") return entry;\n`, to: `` },
  { name: "a done effect that is not bound is forgotten", by: "model", file: "effects/record-view.ts", from: ` || (entry.status === "done" && entry.completion === null)`, to: `` },
  { name: "limits.writes forgets what was sent before a crash", by: "cases", file: "effects/budget.ts", from: `    if (loaded) return;`, to: `    if (runId !== "") return;` },
  // The records.
  { name: "not finding is always proof", by: "model", file: "records/proof.ts", from: `return evidence.provesAfterMs !== null && evidence.askedAt > entry.deadlineAt + evidence.provesAfterMs;`, to: `return evidence.askedAt >= 0;` },
  { name: "the lag does not matter", by: "model", file: "records/proof.ts", from: `> entry.deadlineAt + evidence.provesAfterMs`, to: `> entry.deadlineAt` },
  { name: "the deadline does not matter", by: "model", file: "records/proof.ts", from: `> entry.deadlineAt + evidence`, to: `> evidence` },
  { name: "one witness is enough", by: "model", file: "records/ensure.ts", from: `if (!isSecondWitness(found, goneSince)) {`, to: `if (found.provesAfterMs === undefined) {` },
  { name: "witnesses may contradict each other", by: "model", file: "records/ensure.ts", from: `if (found.targetKeys.includes(binding.targetKey)) return`, to: `if (found.targetKeys.length > 9) return` },
  { name: "creates without finding first", by: "model", file: "records/ensure.ts", from: `  if (found === null) return { kind: "find" };\n  if (found === "unknown") return { kind: "create"`, to: `  if (found === null || found === "unknown") return { kind: "create"` },
  { name: "old generations' targets are taken again", by: "cases", file: "records/targets.ts", from: `binding.generation < generation && !binding.adopted`, to: `binding.generation > generation` },
  { name: "an action does not count as a revision", by: "cases", file: "records/binding-after.ts", from: `revision: binding.revision + 1, goneSince`, to: `revision: binding.revision, goneSince` },
  { name: "an update that did not take is made again", by: "cases", file: "records/ensure.ts", from: `if (facts.updated) return`, to: `if (facts.updated && facts.same === true) return` },
  // What starts runs.
  { name: "an event starts a run each time it is looked at", by: "events", file: "host/arrivals.ts", from: `await tx.putArrival({ ...arrival, status: "started", runId: run.id });`, to: `` },
  { name: "an event that came before comes again", by: "events", file: "host/arrivals.ts", from: `(await tx.addArrival(arrival)) ? arrival : null`, to: `(await tx.putArrival(arrival), arrival)` },
  { name: "one sweep is enough to release", by: "events", file: "records/orphans.ts", from: `const WITNESSES = 2;`, to: `const WITNESSES = 1;` },
  { name: "a sweep releases what failed at its record", by: "events", file: "records/orphans.ts", from: ` && !visited(binding)`, to: `` },
  { name: "a sweep that lost a list releases", by: "events", file: "engine/steps/sweep.ts", from: `if (lost !== null) return`, to: `if (lost === "") return` },
  { name: "a sweep of other inputs releases", by: "events", file: "records/orphans.ts", from: ` && seenWith === inputsHash`, to: ` && seenWith.length === inputsHash.length` },
  { name: "a grant of one change frees the others", by: "events", file: "effects/create-effects.ts", from: `createBudget(run.rootRunId)`, to: `createBudget(run.id)` },
  { name: "runs that have one state go side by side", by: "events", file: "hosts/embedded/drive.ts", from: `ready.alone.some((name) => passed.has(name) || `, to: `ready.alone.length > 100 && ready.alone.some((name) => passed.has(name) || ` },
  { name: "runs of one key overlap", by: "events", file: "host/decide-arrivals.ts", from: `if (running === undefined) {`, to: `if (running !== null) {` },
  { name: "a delivery that is not proven is taken", by: "events", file: "triggers/webhook/receiver.ts", from: `if (verdict.kind === "refused") return`, to: `if (verdict.kind === "refused" && body.length > 1e6) return` },
  { name: "a delivery is accepted before it is kept", by: "events", file: "triggers/webhook/receiver.ts", from: `const brought = await bringEvent(`, to: `const brought = { arrivals: [], waits: 0 }; void bringEvent(` },
  { name: "secrets of an event are kept", by: "events", file: "host/bring-event.ts", from: `redactor.redactData(brought.event) as BroughtEvent["event"]`, to: `brought.event` },
  { name: "a run is offered an event twice", by: "events", file: "host/bring-event.ts", from: `if (known.get(wait.runId) === false || `, to: `if (` },
  { name: "an adopted target is released", by: "cases", file: "records/release.ts", from: `binding.adopted || `, to: `` },

  // Edits of what is served.
  { name: "a renamed workflow forgets what waits for it", by: "edits", file: "host/arrivals.ts", from: `(one.formerly === null ? [] : [[one.formerly, one] as const])`, to: `[]` },
  { name: "a renamed workflow runs beside its former self", by: "edits", file: "host/arrivals.ts", from: ` ?? (formerly === null ? null : await tx.goingRun(formerly, key))`, to: `` },
  { name: "a policy that changes counts for the next run only", by: "edits", file: "host/run-effects.ts", from: `environment.policyNow?.() ?? environment.policy`, to: `environment.policy` },
  { name: "a message that nobody listens to any more is taken", by: "edits", file: "triggers/queue/consume-queue.ts", from: `if (listenersOf(consuming.workflows(), broker).length === 0) return`, to: `if (broker.name === "") return` },
];
