import { createHash } from "node:crypto";
import { encodeValue, isOffstageError } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import type { Stage } from "../../conformance/case.ts";
import type { Fault, World } from "../../conformance/world/world.ts";
import { createDraw, type Draw } from "./draw.ts";
import { writesOf } from "./plan-verdict.ts";

const HOUR = 3_600_000;
/** How often a run that waits is gone on with. */
const TURNS = 8;
const KINDS: readonly Fault["kind"][] = ["error-text", "dropped", "broken-result", "ignored"];

/** Twice, unless the first still waits, and the world changes in between: of what goes on at one instant anything may be first. */
export async function playRuns(stage: Stage, seed: number): Promise<readonly string[]> {
  const draw = prepare(stage.world, seed);
  const first = await settle(stage, draw, await stage.run());
  if (isWaiting(first)) return [first];
  change(stage.world, draw);
  return [first, await settle(stage, draw, await stage.run())];
}

/** What a plan and its apply came to. */
export interface PlanPlay {
  readonly plan: Plan;
  /** What was read for the plan, in no order. */
  readonly read: readonly string[];
  /** What the apply wrote. */
  readonly performed: readonly string[];
  /** How the run before and the apply ended. */
  readonly ends: readonly string[];
}

/** Its plan and the apply of that; the world changes in between, and, half of the time, there was a run before. Null where that still waits. */
export async function playPlan(stage: Stage, seed: number): Promise<PlanPlay | null> {
  const { world } = stage;
  const draw = prepare(world, seed);
  const before: string[] = [];
  if (draw.chance(0.5)) {
    before.push(await settle(stage, draw, await stage.run()));
    if (before.some(isWaiting)) return null;
    change(world, draw);
  }
  const called = world.calls.length;
  const plan = await stage.plan();
  const read = world.calls.slice(called).map(encodeValue).toSorted();
  if (draw.chance(0.5)) change(world, draw);
  const performed = world.performed.length;
  const end = await told(async () => settle(stage, draw, await stage.apply(plan)));
  return { plan, read, performed: writesOf(world.performed.slice(performed)).map(encodeValue), ends: [...before, end] };
}

/** Equal worlds for one seed. What goes wrong depends on what is called and how often it was, not on what goes on beside it. */
function prepare(world: World, seed: number): Draw {
  const draw = createDraw(seed);
  world.items = ["1", "2", "3"].slice(0, 1 + draw.below(3)).map((id) => ({ id, title: draw.pick(["a", "long title", "T-1"]) }));
  world.lagMs = draw.pick([0, 2_000]);
  world.keyOf = (label) => `T-${numberOf(label, [...world.tickets.values()].filter((ticket) => ticket.label === label).length)}`;
  const often = draw.pick([0, 0, 4, 12]);
  world.faultOf = ({ tool, args }, before) => {
    const chosen = numberOf(seed, tool, args, before);
    return chosen % 100 < often ? { tool, kind: KINDS[Math.floor(chosen / 100) % KINDS.length] ?? "dropped", written: Math.floor(chosen / 1_000) % 2 === 0 } : undefined;
  };
  return draw;
}

function numberOf(...parts: readonly unknown[]): number {
  return createHash("sha256").update(encodeValue(parts)).digest().readUInt32BE();
}

/** Items come, go and are retitled; people touch tickets. */
function change(world: World, draw: Draw): void {
  if (draw.chance(0.3)) world.items = world.items.slice(1);
  if (draw.chance(0.3)) world.items = [...world.items, { id: "4", title: "new" }];
  if (draw.chance(0.3)) world.items = world.items.map((item, index) => (index % 2 === 0 ? { ...item, title: "new" } : item));
  for (const [key, ticket] of [...world.tickets].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (draw.chance(0.15)) world.tickets.delete(key);
    else if (draw.chance(0.2)) world.tickets.set(key, { ...ticket, summary: draw.pick(["by hand", "new", "a"]) });
  }
}

function isWaiting(end: string): boolean {
  return /parked|pending/.test(end);
}

/** What it comes to, or the code of what it is refused with. */
async function told<T>(act: () => Promise<T>): Promise<T | string> {
  try {
    return await act();
  } catch (error) {
    if (isOffstageError(error)) return error.code;
    throw error;
  }
}

/** Goes on with a run: people answer, events come, time passes, what waits for a permission gets it, once, and then no more. How it ended. */
async function settle(stage: Stage, draw: Draw, begun: Run): Promise<string> {
  await stage.rest();
  let run = await stage.show(begun.id);
  for (let turn = 0; run.status === "parked" && turn < TURNS; turn++) {
    await stage.answer(draw.pick(["approved", "denied"]), draw.pick(["", ":top", "a"]));
    if (run.waits.some(({ kind }) => kind === "event")) await told(() => stage.offer(run.id, "webhook:repo", { headers: {}, body: { n: draw.pick([1, 7, "1", "long", null]) } }));
    await stage.advance(draw.pick([HOUR, 30 * HOUR, 200 * HOUR]));
    await stage.rest();
    run = await stage.show(run.id);
    if (run.status === "parked") run = await stage.resume(run.id);
  }
  await stage.approveAll();
  await stage.rest();
  await stage.denyAll();
  await stage.rest();
  return `${run.phase} ${run.status} ${run.error?.code ?? ""}`.trim();
}
