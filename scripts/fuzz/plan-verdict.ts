import { isDeepStrictEqual } from "node:util";
import type { Plan, PlannedEffect, Run } from "offstage/model";
import type { Stage } from "../../conformance/case.ts";
import { playSource } from "../../conformance/embedded-stage.ts";
import type { SeenCall, World } from "../../conformance/world/world.ts";
import { type Data, isOffstageError } from "../../packages/runtime/src/base/index.ts";
import type { Draw } from "./draw.ts";

const WRITES: ReadonlySet<string> = new Set(["create", "update", "close", "reopen", "send", "merge"]);

/** What one workflow's plan and apply came to. */
export interface PlanVerdict {
  /** False when the checker refused it. */
  readonly checked: boolean;
  readonly planned: number;
  readonly performed: number;
  /** How the applied runs ended. */
  readonly ends: readonly string[];
  readonly faults: readonly string[];
}

/**
 * Plans a workflow, lets the world change and fail, applies, dies on the way and applies again: every write that reaches the
 * world is a line of the plan, and no line is written twice.
 */
export async function judgePlan(source: string, draw: Draw): Promise<PlanVerdict> {
  const verdict = { planned: 0, performed: 0, ends: [] as string[], faults: [] as string[] };
  const checked = await playSource(source, async (stage) => {
    const { world } = stage;
    world.items = ["1", "2", "3"].slice(0, 1 + draw.below(3)).map((id) => ({ id, title: draw.pick(["a", "long title", "T-1"]) }));
    world.lagMs = draw.pick([0, 2_000]);
    if (draw.chance(0.5)) await playBefore(stage, draw);
    const before = world.calls.length;
    const plan = await stage.plan();
    verdict.planned = plan.effects.length;
    const whilePlanning = writesOf(world.calls.slice(before));
    if (whilePlanning.length > 0) verdict.faults.push(`planning wrote ${JSON.stringify(whilePlanning)}`);
    const [called, performed] = [world.calls.length, world.performed.length];
    change(world, draw);
    const run = await applyWithDeaths(stage, plan, draw);
    verdict.ends.push(run?.status ?? "before it could die");
    if (run?.error?.code === "BUG") verdict.faults.push(`apply ended with BUG: ${run.error.message}`);
    const written = writesOf(world.performed.slice(performed));
    verdict.performed = written.length;
    // What was tried in vain may be tried again once it is proved that nothing happened; what happened, never.
    verdict.faults.push(...writesOf(world.calls.slice(called)).flatMap((call) => outsideOf(plan, [call])), ...outsideOf(plan, written));
  });
  return { checked, ...verdict };
}

/** What earlier runs left: bindings, done writes, writes in doubt. */
async function playBefore(stage: Stage, draw: Draw): Promise<void> {
  fail(stage.world, draw);
  await stage.run();
  await stage.advance(draw.pick([1_000, 600_000]));
  stage.world.faults.length = 0;
  change(stage.world, draw);
  stage.world.faults.length = 0;
}

/** The applied run; null when there is nothing (more) to apply. */
async function applyWithDeaths(stage: Stage, plan: Plan, draw: Draw): Promise<Run | null> {
  try {
    for (let deaths = draw.below(3); deaths > 0; deaths--) {
      if ((await stage.applyAndDie(plan, 1 + draw.below(30))) === "ended") return null;
      await stage.advance(draw.pick([0, 1_000, 60_000]));
    }
    return await stage.apply(plan);
  } catch (error) {
    // It died after its last word was stored, or planning failed already.
    if (isOffstageError(error) && (error.code === "PLAN_APPLIED" || error.code === "PLAN_UNKNOWN")) return null;
    throw error;
  }
}

/** The world goes on between plan and apply: items come, go and are retitled, people touch tickets, calls go wrong. */
function change(world: World, draw: Draw): void {
  if (draw.chance(0.3)) world.items = world.items.slice(1);
  if (draw.chance(0.3)) world.items = [...world.items, { id: draw.pick(["4", "1"]), title: "new" }].filter((item, index, all) => all.findIndex(({ id }) => id === item.id) === index);
  if (draw.chance(0.3)) world.items = world.items.map((item) => (draw.chance(0.5) ? { ...item, title: "new" } : item));
  for (const [key, ticket] of world.tickets) {
    if (draw.chance(0.15)) world.tickets.delete(key);
    else if (draw.chance(0.2)) world.tickets.set(key, { ...ticket, summary: draw.pick(["by hand", "new", "a"]) });
  }
  if (draw.chance(0.2)) world.tickets.set("X-1", { key: "X-1", label: "1", summary: "by hand", status: "open", indexedAt: 0 });
  fail(world, draw);
}

function fail(world: World, draw: Draw): void {
  for (let faults = draw.below(4); faults > 0; faults--) {
    const written = draw.chance(0.5);
    world.faults.push({ tool: draw.pick([...WRITES, "search", "get", "list_items"]), kind: draw.pick(["error-text", "dropped", "broken-result", "ignored"] as const), written, ...(written ? {} : draw.pick([{}, { text: "Error: validation failed: summary" }])) });
  }
}

/** Those of the calls that write. */
export function writesOf(calls: readonly SeenCall[]): readonly SeenCall[] {
  return calls.filter(({ tool }) => WRITES.has(tool));
}

/** Writes for which the plan has no line that is not used up. */
function outsideOf(plan: Plan, written: readonly SeenCall[]): readonly string[] {
  const left = [...plan.effects];
  return written.flatMap((call) => {
    // The line that says most about it: others may need those that leave more open.
    const fitting = left.filter((line) => permits(line, call)).toSorted((a, b) => a.args.unknown.length - b.args.unknown.length)[0];
    if (fitting === undefined) return [`not in the plan: ${JSON.stringify(call)}\nof ${JSON.stringify(plan.effects.map(({ tool, args, certainty }) => ({ tool, args, certainty })))}`];
    left.splice(left.indexOf(fitting), 1);
    return [];
  });
}

function permits(line: PlannedEffect, call: SeenCall): boolean {
  return line.tool === call.tool && line.identityKnown && line.certainty !== "may-many" && isDeepStrictEqual(hide(line.args.value, line.args.unknown.map(({ path }) => path)), hide(call.args, line.args.unknown.map(({ path }) => path)));
}

/** The value with null at the places that a plan could not know. Arguments are flat objects here. */
function hide(value: Data, paths: readonly (readonly (string | number)[])[]): Data {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, paths.some(([first]) => first === name) ? null : (member as Data)]));
}
