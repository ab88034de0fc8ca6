import { type ApprovalRequest, type ArgumentMatch, type DayLimit, DEFAULT_POLICY, type EffectRequest, type PolicyRule, type RecordAction } from "offstage/model";
import { dayOf, decide, type GateContext, type GateEffect, isShownFor, knownHash, limitsOf } from "offstage/gate";
import fc from "fast-check";
import { gateContext, gateEffect, plannedLine, recordIdentity, sampleRequestFor } from "../../packages/runtime/src/testing/effect-samples.ts";
import { sampleRequest } from "../../packages/runtime/src/testing/store-samples.ts";
import type { Vector, VectorOptions } from "./vector.ts";

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

const some = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom<T>(...values);
/** Half of the time nothing of it. */
const optional = <T extends object>(one: fc.Arbitrary<T>): fc.Arbitrary<Partial<T>> => fc.option(one, { nil: {} as Partial<T>, freq: 1 });

const scalars = some<Value>("a", "A", "Ａ", "a b", "prod", "production", "PROD", "straße", "STRASSE", "e\u0301", "\u00e9", "İ", "ﬁ", "\u200bprod", "ΟΔΟΣ", "οδος", "😀", "", 0, 1, 5, 1.5, -5_000, 1_001, "5", "1,500", "1.5", "１００１", "-5000", "1e9", 1e21, 1e-7, true, false, "true", null);
const values: fc.Arbitrary<Value> = fc.oneof({ weight: 4, arbitrary: scalars }, fc.array(scalars, { maxLength: 3 }), fc.record({ name: scalars, NAME: scalars }, { requiredKeys: [] }), fc.array(fc.record({ name: scalars }), { maxLength: 2 }));
const args: fc.Arbitrary<Value> = fc.oneof({ weight: 6, arbitrary: fc.record({ title: values, Title: values, labels: values }, { requiredKeys: [] }) }, values);

const wanted = some<string | number | boolean>("a", "A", "a*", "*prod*", "*", "strasse", "é", "fi*", "οδος", "", 0, 1, 5, 1.5, 1_001, true, false, "5", "true");
const plain: fc.Arbitrary<ArgumentMatch> = fc.record({ is: fc.array(wanted, { minLength: 1, maxLength: 2 }), contains: fc.array(wanted, { minLength: 1, maxLength: 2 }), over: some(0, 5, 1_000), under: some(0, 5, 1_000), given: fc.boolean() }, { requiredKeys: [] });
const matches: fc.Arbitrary<ArgumentMatch> = fc.oneof({ weight: 3, arbitrary: plain }, fc.tuple(plain, plain).map(([one, not]): ArgumentMatch => ({ ...one, not })));
const paths = some("title", "labels", "labels[]", "labels[].name", "labels.name", "title.name", "none", "**.name", "[]", "LABELS[]");

const zones = some("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu");
const windows = fc.record({ days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }), from: fc.integer({ min: 0, max: 1_439 }), to: fc.integer({ min: 0, max: 1_440 }), timezone: zones });
const instants = fc.oneof(some(10_000), fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }), fc.integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 30) }), fc.integer({ min: Date.UTC(2026, 9, 24), max: Date.UTC(2026, 9, 26) }));

const names = { workflow: some("leak-tickets", "leak*", "called", "*"), server: some("jira", "git*", "*i*a"), tool: some("create_*", "create_issue", "other"), record: some("ticket", "t*", "other"), action: some("create" as const, "adopt" as const, "update" as const, "release" as const, "recreate" as const, "call" as const, "start" as const), place: some("offstage.yaml:12") };
const verdicts = some("allow" as const, "deny" as const, "approve" as const, "wait" as const);
const people = { by: some(["ada"], ["team"], ["bob", "team"], ["team", "nobody"]), count: some(1, 2) };
const conditions = fc.record({ args: fc.dictionary(paths, matches, { minKeys: 1, maxKeys: 2 }), when: windows, outside: windows }, { requiredKeys: [] });
const rules: fc.Arbitrary<PolicyRule> = fc
  .tuple(verdicts, optional(fc.record(names, { requiredKeys: [] })), optional(conditions), fc.record(people, { requiredKeys: [] }))
  .map(([verdict, named, when, asked]) => ({ verdict, ...named, ...when, ...(verdict === "approve" ? asked : {}) }) as PolicyRule);
const limits: fc.Arbitrary<DayLimit> = fc.record({ perDay: some(1, 3), workflow: some("leak-tickets", "before", "other"), server: some("jira", "github"), tool: some("create_issue", "other"), place: some("offstage.yaml:9") }, { requiredKeys: ["perDay"] });

const requests: fc.Arbitrary<EffectRequest> = fc
  .record({
    action: some<RecordAction | "once" | "step" | "start">("create", "create", "adopt", "update", "update", "release", "reopen", "once", "step", "start"), generation: fc.integer({ min: 1, max: 2 }), args, unknown: some(false, false, false, true),
    server: some("jira", "github"), certainty: some("sure" as const, "sure" as const, "sure" as const, "sure" as const, "may" as const), identityKnown: some(true, true, true, true, true, false), after: some(null, null, null, "e1"), within: some(undefined, undefined, ["called"], ["called", "deeper"]),
  })
  .map(({ action, generation, args: value, unknown, server, within, ...rest }) => {
    const identity = action === "once" ? ({ kind: "once", scope: "leaks", key: "k", window: null } as const) : action === "step" ? ({ kind: "step", rootRun: "r", step: "s" } as const) : action === "start" ? ({ kind: "start", scope: "leaks", key: "k" } as const) : recordIdentity(action, "PR_7", { generation });
    const request = sampleRequestFor(identity, value, { ...rest, server, ...(within === undefined ? {} : { within }) });
    const isFields = typeof value === "object" && value !== null && !Array.isArray(value);
    const hidden = isFields ? ["title"] : [];
    const held = isFields ? { ...(value as { readonly [name: string]: Value }), title: null } : null;
    return { ...request, call: request.call === null ? null : { ...request.call, server }, args: unknown ? { value: held, unknown: [{ path: hidden, from: ["e"] }] } : request.args };
  });

const answered = fc.record({ status: some("open" as const, "approved" as const, "approved" as const, "approved" as const, "approved" as const, "denied" as const), expires: some(null, 1, 9e12, 9e12, 9e12, 9e12), fits: some("all", "all", "all", "all", "all", "arguments", "place", "effect"), at: some(null, 4, 5, 6), by: some(null, "ada", "bob"), who: fc.array(fc.record({ verdict: some("approve" as const, "approve" as const, "deny" as const), by: some("ada", "bob", "cy", "team") }), { maxLength: 3 }) });

function answerFor(effect: GateEffect, index: number, { status, expires, fits, at, by, who }: (typeof answered) extends fc.Arbitrary<infer T> ? T : never): ApprovalRequest {
  const { request } = effect;
  return sampleRequest(`g${index}`, {
    effect: fits === "effect" ? "another" : effect.id, argsHash: fits === "arguments" ? "0" : (effect.argsHash ?? ""), server: request.call?.server ?? request.server, tool: request.call?.tool ?? null, target: fits === "place" ? "https://staging.test/" : effect.target, status, expiresAt: expires, answeredAt: at, answeredBy: by,
    answers: who.map((one) => ({ ...one, why: null, at: 1, way: "cli" as const })),
  });
}

/** Half of the cases have nothing that ends a decision early, so that what is decided last is met often. */
const CALM = { limits: [], limit: null, paused: [], fault: false, elsewhere: false, forgotten: false, dryRun: false } as const;
const KNOWN = { certainty: "sure", identityKnown: true, after: null } as const;

const cases: fc.Arbitrary<{ readonly effect: GateEffect; readonly context: GateContext }> = fc
  .record({
    request: requests, other: requests, planned: some("same", "same", "same", "elsewhere", "unknown", "other", "none"), phase: some("plan" as const, "apply" as const, "run" as const), rules: fc.oneof({ weight: 3, arbitrary: fc.array(rules, { maxLength: 4 }) }, some<readonly PolicyRule[]>([], [{ verdict: "approve" }], [{ verdict: "approve", by: ["team"] }])), now: instants, made: fc.integer({ min: 0, max: 3 }), limit: some(null, null, 1, 3),
    changes: some(0, 4, 5, 8), bindings: some(0, 0, 10, 79, 80, 200), paused: some<readonly string[]>([], [], [], [], ["*"], ["server:jira"], ["workflow:before"], ["workflow:deeper"], ["workflow:other", "server:github"]), formerly: some(undefined, "before"), fault: some(false, false, false, false, true), elsewhere: some(false, false, false, false, true),
    forgotten: some(true, false, false, false), dryRun: some(false, false, false, false, true), plannedAt: some(null, 4, 5, 9), calm: fc.boolean(), fourEyes: fc.boolean(), answers: fc.array(answered, { maxLength: 3 }), limits: fc.array(limits, { maxLength: 2 }), today: some(0, 0, 1, 3),
  })
  .map((drawn) => {
    const x = drawn.calm ? { ...drawn, ...CALM, request: { ...drawn.request, ...KNOWN } } : drawn;
    const effect = gateEffect(x.request);
    const line = plannedLine(x.planned === "other" ? gateEffect(x.other) : effect, x.planned === "elsewhere" ? { target: "https://staging.test/" } : x.planned === "unknown" ? { identityKnown: false } : {});
    const policy = { ...DEFAULT_POLICY, rules: x.rules, limits: x.limits, approvers: { groups: { team: ["ada", "bob", "nobody"], nobody: [] }, fourEyes: x.fourEyes } };
    const context = gateContext({
      phase: x.phase, now: x.now, policy, planned: x.planned === "none" ? null : line, plannedAt: x.phase === "apply" ? x.plannedAt : null, answers: x.answers.map((one, index) => answerFor(effect, index, one)), writes: { made: x.made, limit: x.limit },
      today: limitsOf(x.limits, ["leak-tickets", ...(x.formerly === undefined ? [] : [x.formerly])], x.request).map((limit) => ({ limit, made: x.today })), changes: { made: x.changes, bindings: x.bindings }, paused: x.paused, dryRun: x.dryRun, lockFault: x.fault ? { code: "TOOL_CHANGED", message: "m" } : null,
      knownTarget: x.elsewhere ? "https://staging.test/" : null, forgotten: x.forgotten, ...(x.formerly === undefined ? {} : { formerly: x.formerly }),
    });
    return { effect, context };
  });

/** One case in five hundred comes to the guard of a run, the rarest that has to be met. */
const MORE = 4;

/** The gate's decisions, over rules, arguments, hours, people and plans that meet each of its conditions both ways. */
export function* gateVectors({ cases: count, seed }: VectorOptions): Iterable<Vector> {
  for (const { effect, context } of fc.sample(cases, { numRuns: count * MORE, seed })) {
    const shown = context.answers.map((answer) => isShownFor(answer, effect));
    yield { effect, context, shown, known: knownHash(effect.request.args), day: dayOf(context.now), gives: decide(effect, context) };
  }
}
