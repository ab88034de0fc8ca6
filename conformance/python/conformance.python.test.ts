import { createNativeExecutor } from "offstage/native";
import { afterAll, describe, expect, test } from "vitest";
import { nativeImport } from "../../packages/runtime/src/testing/native-import.ts";
import type { ConformanceCase } from "../case.ts";
import { CASES } from "../cases.ts";
import { playEmbedded } from "../embedded-stage.ts";
import { type LeftBehind, leftBehind, type Leavings } from "../left-behind.ts";
import { playPython } from "./python-stage.ts";
import { startStageProcesses } from "./stage-processes.ts";

const PREFIX = "a plan ends an item at what is not known, and its apply holds what comes after";
/** Cases that leave something else than TypeScript does, by decision. An entry whose case leaves the same fails. */
const OTHERWISE: ReadonlyMap<string, string> = new Map(["h-unknown-branches", "wait-plan", "plan-unknown", "plan-stale", "plan-asked-twice", "plan-profiles"].map((id) => [id, PREFIX]));
/** Cases whose run ends while items are under way side by side: what these had asked by then is nobody's promise. */
const CUT_SHORT: ReadonlySet<string> = new Set(["k-write-limit"]);

const processes = startStageProcesses();
const execute = createNativeExecutor({ importModule: nativeImport });
afterAll(() => processes.close());

/** What a case left; null when processes were killed at points, which each host has its own number of. */
async function played(play: (keep: (left: Leavings) => Promise<void>) => Promise<void>): Promise<LeftBehind | null> {
  const found: (LeftBehind | null)[] = [];
  await play(async (left) => void found.push(left.dead.size === 0 ? await leftBehind(left) : null));
  return found[0] ?? null;
}

/** Plays a case on Python, then by Node; what both left: runs, ledger, bindings, and the calls of each loop key in order. */
async function playBoth(one: ConformanceCase): Promise<readonly unknown[]> {
  const python = await played((keep) => playPython(one, processes, keep));
  if (python === null) return [null, null];
  const node = await played((keep) => playEmbedded(one, execute, keep));
  return [python, node].map((left) => (CUT_SHORT.has(one.id) ? { ...left, calls: null } : left));
}

function caseOf(id: string): ConformanceCase {
  const one = CASES.find((each) => each.id === id);
  if (one === undefined) throw new Error(`There is no case ${id}.`);
  return one;
}

describe("on the exported Python", () => {
  test.each(CASES.filter(({ id }) => !OTHERWISE.has(id)))("$id: $promise", async (one) => {
    const [python, node] = await playBoth(one);
    expect(python).toEqual(node);
  });

  test.each([...OTHERWISE])("%s, which leaves something else than Node does: %s", async (id) => {
    const [python, node] = await playBoth(caseOf(id));
    expect(python).not.toEqual(node);
  });

  test("each entry of a table is a case", () => {
    for (const id of [...OTHERWISE.keys(), ...CUT_SHORT]) expect(caseOf(id).id).toBe(id);
  });
});
