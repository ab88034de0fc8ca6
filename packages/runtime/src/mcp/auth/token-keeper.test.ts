import { expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../../testing/fake-clock.ts";
import type { AccessToken } from "./access-token.ts";
import { createTokenKeeper, type TokenKeeper } from "./token-keeper.ts";
import type { Need } from "./token-source.ts";

interface World {
  readonly clock: FakeClock;
  readonly keeper: TokenKeeper;
  readonly needs: Need[];
  readonly late: Error[];
  /** What `obtain` gives; null: a token that lives 100 seconds. */
  next: ((need: Need) => Promise<AccessToken>) | null;
}

function world(held: AccessToken | null = null): World {
  const clock = createFakeClock();
  const needs: Need[] = [];
  const late: Error[] = [];
  const made: World = {
    clock, needs, late, next: null,
    keeper: createTokenKeeper({
      held: () => Promise.resolve(held),
      obtain(need) {
        needs.push(need);
        return made.next?.(need) ?? Promise.resolve(token(clock, `token-${needs.length}`, need.scope));
      },
    }, clock, (error) => late.push(error)),
  };
  return made;
}

function token(clock: FakeClock, value: string, scope: string | null = null): AccessToken {
  return { value, scope, renewAt: clock.now() + 80_000, expiresAt: clock.now() + 100_000 };
}

test("a server that nobody logged in to is asked without a token", async () => {
  const { keeper, needs } = world();
  expect(await keeper.current()).toBeNull();
  expect(needs).toEqual([]);
});

test("a token is renewed when a fifth of its life is left, and not before", async () => {
  const { clock, keeper } = world(token(createFakeClock(), "kept"));
  await clock.advance(79_999);
  expect((await keeper.current())?.value).toBe("kept");
  await clock.advance(1);
  expect((await keeper.current())?.value).toBe("token-1");
});

test("a renewal ahead of time that failed is tried again after ten seconds, and the token used until it ends", async () => {
  const failing = world(token(createFakeClock(), "kept"));
  failing.next = () => Promise.reject(new Error("away"));
  await failing.clock.advance(80_000);
  for (let i = 0; i < 3; i++) expect((await failing.keeper.current())?.value).toBe("kept");
  expect([failing.needs.length, failing.late.length]).toEqual([1, 1]);
  await failing.clock.advance(10_000);
  expect((await failing.keeper.current())?.value).toBe("kept");
  expect(failing.needs).toHaveLength(2);
  await failing.clock.advance(10_000);
  await expect(failing.keeper.current()).rejects.toThrow("away");
});

test("a call that was refused with an old token takes the one that is there by now", async () => {
  const { keeper, needs } = world();
  const [first] = await Promise.all([keeper.replace(null, {}), keeper.replace(null, {})]);
  const old = { ...first, value: "older" };
  expect(await keeper.replace(old, {})).toBe(first);
  expect(needs).toHaveLength(1);
});

test("who needs more scope than what is under way asks again, for both", async () => {
  const { keeper, needs } = world();
  const [, second] = await Promise.all([keeper.replace(null, { scope: "read" }), keeper.replace(null, { error: "insufficient_scope", scope: "admin" })]);
  expect(second.scope?.split(" ").toSorted()).toEqual(["admin", "read"]);
  expect(needs).toHaveLength(2);
});

test("all who wait get the failure, and the next one tries again", async () => {
  const made = world();
  made.next = () => Promise.reject(new Error("away"));
  const answers = await Promise.allSettled([made.keeper.replace(null, {}), made.keeper.replace(null, {}), made.keeper.replace(null, {})]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(made.needs).toHaveLength(1);
  made.next = null;
  expect((await made.keeper.replace(null, {})).value).toBe("token-2");
});

test("a token that was refused and comes again is a failure", async () => {
  const made = world();
  const refused = await made.keeper.replace(null, {});
  made.next = () => Promise.resolve(refused);
  await expect(made.keeper.replace(refused, {})).rejects.toMatchObject({ code: "AUTH_FAILED" });
});

test("the end of a process waits for a renewal that is under way", async () => {
  const made = world();
  const gate = Promise.withResolvers<AccessToken>();
  made.next = () => gate.promise;
  const renewal = made.keeper.replace(null, {});
  let isSettled = false;
  await made.clock.advance(0);
  const settled = made.keeper.settled().then(() => (isSettled = true));
  await made.clock.advance(0);
  expect(isSettled).toBe(false);
  gate.resolve(token(made.clock, "late"));
  await Promise.all([renewal, settled]);
});
