import { describe, expect, test } from "vitest";
import { OffstageError, UnsafeInteger } from "../base/index.ts";
import { DEFAULT_POLICY, effectId, type EffectRequest, type LedgerEntry } from "../model/index.ts";
import { recordIdentity, sampleRequestFor, WRITE_CLASS } from "../testing/effect-samples.ts";
import { bindCreated, createEffectsFixture, FIXTURE_TIMEOUT_MS } from "../testing/effects-fixture.ts";
import { type CallAnswer, createTurns } from "./index.ts";

const ONCE = { kind: "once", scope: "leaks", key: "comment:PR_7", window: null } as const;
const STEP = { kind: "step", rootRun: "run-1", step: "notify#1" } as const;
const once = (args: EffectRequest["args"]["value"] = { body: "x" }, rest: Partial<EffectRequest> = {}): EffectRequest => sampleRequestFor(ONCE, args, rest);
const create = sampleRequestFor(recordIdentity("create"));
const ID = effectId(ONCE);
const unanswered: CallAnswer = { kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "no answer" } };
const refused: CallAnswer = { kind: "error", refused: true, error: { code: "TOOL_FAILED", message: "no such project" } };
const idempotent: Partial<EffectRequest> = { call: { server: "jira", tool: "create_issue", class: { ...WRITE_CLASS, idempotent: true } } };

describe("the one path", () => {
  test("intends durably before it sends, and keeps the outcome", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open();
    let during: LedgerEntry | null = null;
    fixture.caller.answer = async () => {
      during = await fixture.row(ID);
      return { kind: "value", value: { key: "T-1" } };
    };
    expect(await effects.perform(once())).toEqual({ kind: "done", effect: ID, value: { key: "T-1" }, unreadable: false, replayed: false });
    const now = fixture.clock.now();
    expect(during).toMatchObject({ status: "intended", outcome: null, runId: "run-1", tool: "create_issue", target: "https://jira.test/", attempt: 1, fence: 1, intendedAt: now, deadlineAt: now + FIXTURE_TIMEOUT_MS });
    expect(await fixture.row(ID)).toMatchObject({ status: "done", settledBy: "answer", settledAt: now, outcome: { kind: "done", value: { key: "T-1" } } });
    expect(fixture.caller.calls).toEqual([{ server: "jira", tool: "create_issue", args: { body: "x" }, deadlineAt: now + FIXTURE_TIMEOUT_MS }]);
  });

  test("the intent is durable, fenced, and carries what the journal held back", async () => {
    const fixture = await createEffectsFixture();
    const flushed: string[] = [];
    const asked: unknown[] = [];
    const store: typeof fixture.store = { ...fixture.store, transact: (options, body) => { asked.push(options); return fixture.store.transact(options, body); } };
    const effects = await fixture.open({ store, beforeCommit: async (tx) => { flushed.push((await tx.getEffect(ID))?.status ?? "no row"); } });
    await effects.perform(once());
    expect(flushed).toEqual(["intended"]);
    expect(asked[0]).toEqual({ durable: true, fence: 1 });
    expect(asked.at(-1)).toEqual({ durable: true });
  });

  test("when the journal cannot be kept, nothing is intended and nothing sent", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ beforeCommit: () => Promise.reject(new OffstageError("STORE_FULL", "the disk is full")) });
    await expect(effects.perform(once())).rejects.toMatchObject({ code: "STORE_FULL" });
    expect([await fixture.row(ID), fixture.caller.calls]).toEqual([null, []]);
  });

  test("what is sent after the deadline is not sent", async () => {
    const fixture = await createEffectsFixture();
    let slow = false;
    const store: typeof fixture.store = { ...fixture.store, async transact(options, body) { const result = await fixture.store.transact(options, body); if (slow && options.durable) await fixture.clock.advance(FIXTURE_TIMEOUT_MS); return result; } };
    const effects = await fixture.open({ store });
    slow = true;
    expect(await effects.perform(once())).toMatchObject({ kind: "failed", error: { code: "EFFECT_LATE" } });
    expect(fixture.caller.calls).toEqual([]);
    expect(await fixture.row(ID)).toMatchObject({ status: "failed" });
  });

  test("when the lease is lost after the intent, nothing is sent and the row says so", async () => {
    const fixture = await createEffectsFixture();
    const first = await fixture.open({ beforeCommit: async (tx) => { await tx.putLease({ fence: 2, holder: { host: "h", boot: "b", pid: 2, started: null }, takenAt: 0, expiresAt: 1 }); } });
    await expect(first.perform(once())).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(fixture.caller.calls).toEqual([]);
    expect(await fixture.row(ID)).toMatchObject({ status: "failed", outcome: { error: { code: "EFFECT_LATE" } } });
  });

  test("when the row that was decided about is no longer there to be replaced, nothing is sent", async () => {
    const fixture = await createEffectsFixture();
    const store: typeof fixture.store = { ...fixture.store, transact: (options, body) => fixture.store.transact(options, (tx) => body(Object.assign(Object.create(tx) as typeof tx, { putEffect: () => Promise.resolve(false) }))) };
    expect(await (await fixture.open({ store })).perform(once())).toMatchObject({ kind: "ambiguous" });
    expect(fixture.caller.calls).toEqual([]);
  });

  test("without the lease nothing is even intended", async () => {
    const fixture = await createEffectsFixture();
    const first = await fixture.open();
    await fixture.open({ lease: true });
    await expect(first.perform(once())).rejects.toMatchObject({ code: "LEASE_LOST" });
    await expect((await fixture.open({ fence: null })).perform(once())).rejects.toMatchObject({ code: "BUG" });
    expect(await fixture.row(ID)).toBeNull();
  });

  test("an outcome that arrives after the lease was lost is still the truth", async () => {
    const fixture = await createEffectsFixture();
    const first = await fixture.open();
    fixture.caller.answer = async () => { await fixture.open({ lease: true }); return { kind: "value", value: 1 }; };
    expect(await first.perform(once())).toMatchObject({ kind: "done" });
    expect(await fixture.row(ID)).toMatchObject({ status: "done" });
  });
});

describe("outcomes", () => {
  test.each([
    ["a value is done", { kind: "value", value: 1 }, { kind: "done", value: 1, unreadable: false }],
    ["what cannot be read is done", { kind: "unreadable", error: { code: "RESULT_UNREADABLE", message: "m" } }, { kind: "done", value: null, unreadable: true }],
    ["a refusal is failed", refused, { kind: "failed", error: { code: "TOOL_FAILED", message: "no such project" } }],
    ["any other error is ambiguous, and says where to look", unanswered, { kind: "ambiguous", error: { code: "EFFECT_AMBIGUOUS", message: expect.stringContaining("no answer"), hint: expect.stringContaining("https://jira.test/") } }],
  ] satisfies readonly (readonly [string, CallAnswer, object])[])("%s", async (_name, answer, expected) => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => answer;
    expect(await (await fixture.open()).perform(once())).toMatchObject(expected);
    expect((await fixture.row(ID))?.outcome).toMatchObject(expected);
  });

  test("a caller that throws leaves an ambiguous effect: it may have been sent", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => Promise.reject(new Error("boom"));
    expect(await (await fixture.open()).perform(once())).toMatchObject({ kind: "ambiguous" });
    expect(await fixture.row(ID)).toMatchObject({ status: "ambiguous", settledBy: null });
  });

  test("arguments with a poisoned integer are refused before anything is intended", async () => {
    const fixture = await createEffectsFixture();
    await expect((await fixture.open()).perform(once({ id: new UnsafeInteger("9007199254740993") }))).rejects.toMatchObject({ code: "UNSAFE_INTEGER" });
    expect(await fixture.row(ID)).toBeNull();
  });
});

describe("a second entrant", () => {
  test("in the same process waits for the one in flight and gets its outcome", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open();
    let answer: (value: CallAnswer) => void = () => undefined;
    fixture.caller.answer = () => new Promise((resolve) => { answer = resolve; });
    const first = effects.perform(once());
    const second = effects.perform(once());
    await fixture.clock.advance(1);
    answer({ kind: "value", value: 7 });
    expect([await first, await second]).toMatchObject([{ kind: "done", value: 7, replayed: false }, { kind: "done", value: 7, replayed: true }]);
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("of another run of the process waits too: what was done is its answer, what was refused it tries itself, and what it looks at has ended", async () => {
    for (const [first, calls] of [[{ kind: "value", value: 7 }, 1], [refused, 2], [unanswered, 1]] as const) {
      const fixture = await createEffectsFixture();
      let answer: (value: CallAnswer) => void = () => undefined;
      fixture.caller.answer = () => (fixture.caller.calls.length > 1 ? { kind: "value", value: 7 } : new Promise((resolve) => { answer = resolve; }));
      const sent = (await fixture.open()).perform(once());
      const other = await fixture.open({ run: { id: "run-2" } });
      const [looked, again] = [other.entry(once().identity), other.perform(once())];
      await fixture.clock.advance(1);
      answer(first);
      expect(await sent).toMatchObject({ kind: first === unanswered ? "ambiguous" : first === refused ? "failed" : "done" });
      expect((await looked)?.status).not.toBe("intended");
      expect(await again).toMatchObject(first === unanswered ? { kind: "ambiguous" } : { kind: "done", value: 7, replayed: first !== refused });
      expect(fixture.caller.calls).toHaveLength(calls);
    }
  });

  test("of another run is not refused because the first one was", async () => {
    const fixture = await createEffectsFixture();
    const full = await fixture.open({ run: { maxWrites: 0 } });
    const free = await fixture.open({ run: { id: "run-2" } });
    const [none, made] = await Promise.all([full.perform(once()), free.perform(once())]);
    expect([none.kind, made.kind]).toEqual(["refused", "done"]);
  });

  test("of another process never calls what may be in flight (conformance g)", async () => {
    const fixture = await createEffectsFixture();
    const first = await fixture.open();
    let answer: (value: CallAnswer) => void = () => undefined;
    fixture.caller.answer = () => new Promise((resolve) => { answer = resolve; });
    const sent = first.perform(once());
    await fixture.clock.advance(1);
    const second = await fixture.open({ lease: true, run: { id: "run-2" } });
    expect(await second.perform(once())).toMatchObject({ kind: "ambiguous", effect: ID, error: { message: expect.stringContaining("run-1") } });
    answer({ kind: "value", value: 7 });
    expect(await sent).toMatchObject({ kind: "done", value: 7 });
    expect(await second.perform(once())).toMatchObject({ kind: "done", value: 7, replayed: true });
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("with another write on the same record's identity is told of the open one", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => unanswered;
    const effects = await fixture.open();
    await effects.perform(create);
    expect(await effects.perform(sampleRequestFor(recordIdentity("update", "PR_7", { revision: 1 })))).toMatchObject({ kind: "ambiguous", effect: effectId(create.identity) });
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("a late answer does not undo what was settled by finding it, but success undoes a proof of absence", async () => {
    for (const [found, late, expected] of [[true, unanswered, "done"], [false, unanswered, "failed"], [false, { kind: "value", value: 1 }, "done"]] as const) {
      const fixture = await createEffectsFixture();
      const first = await fixture.open();
      let answer: (value: CallAnswer) => void = () => undefined;
      fixture.caller.answer = () => new Promise((resolve) => { answer = resolve; });
      const sent = first.perform(once());
      await fixture.clock.advance(FIXTURE_TIMEOUT_MS + 1);
      const second = await fixture.open({ lease: true });
      await second.settle(ID, found ? { kind: "found", value: 5 } : { kind: "absent", askedAt: fixture.clock.now(), provesAfterMs: 0 });
      answer(late);
      await sent;
      expect((await fixture.row(ID))?.status).toBe(expected);
    }
  });

  test.each([["another process", () => ({ lease: true as const })], ["another run that did not wait for its turn", () => ({ turns: createTurns() })]] as const)("a late answer says nothing of a newer attempt of %s", async (_name, whose) => {
    const fixture = await createEffectsFixture();
    const first = await fixture.open();
    let answer: (value: CallAnswer) => void = () => undefined;
    fixture.caller.answer = () => new Promise((resolve) => { answer = resolve; });
    const sent = first.perform(once());
    await fixture.clock.advance(FIXTURE_TIMEOUT_MS + 1);
    const answerFirst = answer;
    const second = await fixture.open({ ...whose(), run: { id: "run-2" } });
    await second.settle(ID, { kind: "absent", askedAt: fixture.clock.now(), provesAfterMs: 0 });
    const again = second.perform(once());
    await fixture.clock.advance(1);
    answerFirst(refused);
    expect(await sent).toMatchObject({ kind: "ambiguous" });
    expect(await fixture.row(ID)).toMatchObject({ status: "intended", attempt: 2 });
    answer({ kind: "value", value: 2 });
    expect(await again).toMatchObject({ kind: "done", value: 2 });
  });
});

describe("what the ledger answers", () => {
  test("done is done: replayed in every later run, whatever the arguments are", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open()).perform(once());
    expect(await (await fixture.open({ run: { id: "run-2" } })).perform(once({ body: "other" }))).toMatchObject({ kind: "done", value: { key: "T-1" }, replayed: true });
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("a step of the same run with other arguments has drifted; a continuation's is not done again", async () => {
    const fixture = await createEffectsFixture();
    const request = (body: string): EffectRequest => sampleRequestFor(STEP, { body });
    await (await fixture.open()).perform(request("x"));
    expect(await (await fixture.open()).perform(request("x"))).toMatchObject({ kind: "done", replayed: true });
    expect(await (await fixture.open()).perform(request("y"))).toMatchObject({ kind: "refused", error: { code: "JOURNAL_MISMATCH" } });
    expect(await (await fixture.open({ run: { id: "run-2", rootRunId: "run-1" } })).perform(request("y"))).toMatchObject({ kind: "done", replayed: true });
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("failed stays failed in its run, and is attempted again by a later one, through the gate", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => refused;
    await (await fixture.open()).perform(once());
    expect(await (await fixture.open()).perform(once())).toMatchObject({ kind: "failed" });
    expect(fixture.caller.calls).toHaveLength(1);
    const paused = await fixture.open({ run: { id: "run-2" }, policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve" }] } });
    expect(await paused.perform(once())).toMatchObject({ kind: "held" });
    fixture.caller.answer = () => ({ kind: "value", value: 1 });
    expect(await (await fixture.open({ run: { id: "run-3" } })).perform(once())).toMatchObject({ kind: "done", value: 1 });
    expect(await fixture.row(ID)).toMatchObject({ attempt: 2, runId: "run-3", settledBy: "answer" });
  });

  test("ambiguous is never sent again, in no run", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => unanswered;
    await (await fixture.open()).perform(once());
    for (const id of ["run-1", "run-2"]) expect(await (await fixture.open({ run: { id } })).perform(once())).toMatchObject({ kind: "ambiguous", effect: ID });
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("unless it is declared idempotent, and asked exactly the same", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => unanswered;
    const effects = await fixture.open();
    await effects.perform(once({ body: "x" }, idempotent));
    expect(await effects.perform(once({ body: "y" }, idempotent))).toMatchObject({ kind: "ambiguous" });
    expect(await effects.perform(once({ body: "x" }))).toMatchObject({ kind: "ambiguous" });
    expect(fixture.caller.calls).toHaveLength(1);
    fixture.caller.answer = () => ({ kind: "value", value: 1 });
    expect(await effects.perform(once({ body: "x" }, idempotent))).toMatchObject({ kind: "done", replayed: false });
    expect(await fixture.row(ID)).toMatchObject({ attempt: 2, settledBy: "repeated" });
  });

  test("a repetition that is refused proves nothing about the attempt before it", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open();
    fixture.caller.answer = () => unanswered;
    await effects.perform(once({ body: "x" }, idempotent));
    fixture.caller.answer = () => refused;
    expect(await effects.perform(once({ body: "x" }, idempotent))).toMatchObject({ kind: "ambiguous" });
    expect(await fixture.row(ID)).toMatchObject({ status: "ambiguous", attempt: 2, settledBy: null });
    expect(await effects.perform(once({ body: "y" }, idempotent))).toMatchObject({ kind: "ambiguous" });
    expect(fixture.caller.calls).toHaveLength(2);
  });

  test("nor does one that came too late to be sent", async () => {
    const fixture = await createEffectsFixture();
    let slow = false;
    const store: typeof fixture.store = { ...fixture.store, async transact(options, body) { const result = await fixture.store.transact(options, body); if (slow && options.durable) await fixture.clock.advance(FIXTURE_TIMEOUT_MS); return result; } };
    const effects = await fixture.open({ store });
    fixture.caller.answer = () => unanswered;
    await effects.perform(once({ body: "x" }, idempotent));
    slow = true;
    expect(await effects.perform(once({ body: "x" }, idempotent))).toMatchObject({ kind: "ambiguous" });
    expect(await fixture.row(ID)).toMatchObject({ status: "ambiguous", attempt: 2, settledBy: null });
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("what lives in another target is refused, done or not (conformance j)", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open();
    await effects.perform(once());
    await effects.perform(create);
    await bindCreated(effects, effectId(create.identity));
    const elsewhere = await fixture.open({ targetOf: () => "https://staging.test/" });
    expect(await elsewhere.perform(once())).toMatchObject({ kind: "refused", error: { code: "TARGET_CHANGED" } });
    expect(await elsewhere.perform(sampleRequestFor(recordIdentity("update", "PR_7", { revision: 1 })))).toMatchObject({ kind: "refused", error: { code: "TARGET_CHANGED" } });
    await expect(elsewhere.entry(ONCE)).rejects.toMatchObject({ code: "TARGET_CHANGED" });
    expect(await elsewhere.entry(STEP)).toBeNull();
    expect(fixture.caller.calls).toHaveLength(2);
  });

  test("events tell what became of each", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open();
    await effects.perform(once());
    await effects.perform(once());
    fixture.caller.answer = () => refused;
    await effects.perform(create);
    expect(fixture.events.map(({ kind, replayed, detail }) => [kind, replayed, detail])).toEqual([["effect-done", false, ""], ["effect-done", true, ""], ["effect-failed", false, "no such project"]]);
  });
});
