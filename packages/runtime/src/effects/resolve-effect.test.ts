import { describe, expect, test } from "vitest";
import { effectId } from "../model/index.ts";
import { recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { createEffectsFixture, type EffectsFixture, FIXTURE_KEY, FIXTURE_TIMEOUT_MS } from "../testing/effects-fixture.ts";
import { nextEnsure, NO_FACTS } from "../records/index.ts";
import { resolveEffect } from "./index.ts";

const create = sampleRequestFor(recordIdentity("create"));
const ID = effectId(create.identity);
const ABILITIES = { read: false, same: false, update: false, reopen: false, release: false };
const said = (fixture: EffectsFixture): { readonly by: string; readonly now: number } => ({ by: "kim", now: fixture.clock.now() });

async function unanswered(): Promise<EffectsFixture> {
  const fixture = await createEffectsFixture();
  fixture.caller.answer = () => ({ kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "m" } });
  await (await fixture.open()).perform(create);
  return fixture;
}

describe("a person tells what happened", () => {
  test("it happened, with what it returned: the record goes on from there", async () => {
    const fixture = await unanswered();
    expect(await resolveEffect(fixture.store, ID, { kind: "happened", value: { key: "T-5" } }, said(fixture))).toMatchObject({ status: "done", settledBy: "person" });
    const view = await (await fixture.open()).record(FIXTURE_KEY, "jira");
    expect(nextEnsure(view, NO_FACTS, ABILITIES)).toMatchObject({ kind: "bind", from: "function" });
  });

  test("it happened, and what it returned is not known: a record asks find", async () => {
    const fixture = await unanswered();
    await resolveEffect(fixture.store, ID, { kind: "happened" }, said(fixture));
    const view = await (await fixture.open()).record(FIXTURE_KEY, "jira");
    expect(nextEnsure(view, NO_FACTS, ABILITIES)).toEqual({ kind: "find" });
    expect(await resolveEffect(fixture.store, ID, { kind: "happened", value: 1 }, said(fixture))).toMatchObject({ outcome: { value: 1, unreadable: false } });
  });

  test("it did not happen: the next attempt may be made, in the same run too", async () => {
    const fixture = await unanswered();
    expect(await resolveEffect(fixture.store, ID, { kind: "did-not-happen" }, said(fixture))).toMatchObject({ status: "failed", settledBy: "person", outcome: { error: { message: expect.stringContaining("kim") } } });
    fixture.caller.answer = () => ({ kind: "value", value: 1 });
    expect(await (await fixture.open()).perform(create)).toMatchObject({ kind: "done", replayed: false });
  });

  test("a once without a value is simply done", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => ({ kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "m" } });
    const { effect } = await (await fixture.open()).perform(sampleRequestFor({ kind: "once", scope: "leaks", key: "k", window: null }));
    expect(await resolveEffect(fixture.store, effect, { kind: "happened" }, said(fixture))).toMatchObject({ outcome: { value: null, unreadable: false } });
  });

  test("not while it may still be sent", async () => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => new Promise(() => undefined);
    void (await fixture.open()).perform(create);
    await fixture.clock.advance(FIXTURE_TIMEOUT_MS - 1);
    await expect(resolveEffect(fixture.store, ID, { kind: "did-not-happen" }, said(fixture))).rejects.toMatchObject({ code: "EFFECT_IN_FLIGHT" });
    await fixture.clock.advance(1);
    expect(await resolveEffect(fixture.store, ID, { kind: "did-not-happen" }, said(fixture))).toMatchObject({ status: "failed" });
  });

  test("not what is settled, not what is unknown", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open()).perform(create);
    await expect(resolveEffect(fixture.store, ID, { kind: "did-not-happen" }, said(fixture))).rejects.toMatchObject({ code: "USAGE" });
    await expect(resolveEffect(fixture.store, "nothing", { kind: "did-not-happen" }, said(fixture))).rejects.toMatchObject({ code: "EFFECT_UNKNOWN" });
  });
});
