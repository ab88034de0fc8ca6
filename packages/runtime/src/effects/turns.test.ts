import { expect, test } from "vitest";
import { recordIdentity } from "../testing/effect-samples.ts";
import { createTurns, turnOf } from "./turns.ts";

/** A turn that ends when it is told to. */
function heldTurn(turns: ReturnType<typeof createTurns>, name: string, began: string[]): { readonly taken: Promise<string>; readonly end: (error?: Error) => void } {
  let end: (error?: Error) => void = () => undefined;
  const body = (): Promise<string> => {
    began.push(name);
    return new Promise((resolve, reject) => { end = (error) => (error === undefined ? resolve(name) : reject(error)); });
  };
  return { taken: turns.take(name, body), end: (error) => end(error) };
}

test("one after the other under one name, in the order in which they came, also after a failure; side by side under several", async () => {
  const turns = createTurns();
  const began: string[] = [];
  const first = heldTurn(turns, "a", began);
  const second = turns.take("a", async () => began.push("a, the second"));
  const third = turns.take("a", async () => began.push("a, the third"));
  expect(await turns.take("b", async () => "b")).toBe("b");
  expect(began).toEqual(["a"]);
  first.end(new Error("it failed"));
  await expect(first.taken).rejects.toThrow("it failed");
  await Promise.all([second, third]);
  expect(began).toEqual(["a", "a, the second", "a, the third"]);
});

test("who comes while the second of a name is under way waits for it too", async () => {
  const turns = createTurns();
  const began: string[] = [];
  const first = heldTurn(turns, "a", began);
  const second = heldTurn(turns, "a", began);
  first.end();
  await first.taken;
  const third = turns.take("a", async () => began.push("a, the third"));
  await turns.take("b", async () => "b");
  expect(began).toEqual(["a", "a"]);
  second.end();
  await Promise.all([second.taken, third]);
  expect(began).toEqual(["a", "a", "a, the third"]);
});

test("all writes of a record's identity share their turn, whatever they do", () => {
  expect(turnOf(recordIdentity("create", "PR_7"))).toBe(turnOf(recordIdentity("update", "PR_7", { revision: 3 })));
  expect(turnOf(recordIdentity("create", "PR_7"))).not.toBe(turnOf(recordIdentity("create", "PR_8")));
});
