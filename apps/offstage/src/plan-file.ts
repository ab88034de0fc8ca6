import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { OffstageError } from "offstage/base";
import type { Plan } from "offstage/model";

/** A plan as a file says it. */
export interface PlanFile {
  readonly name: string;
  readonly id: string;
  readonly document: unknown;
}

/** A plan file is small; anything larger is not one. */
const MAX_PLAN_BYTES = 64 << 20;

/** Writes a plan that `offstage apply` takes; it holds no secret. Errors: `USAGE`, the plan stays in the store then. */
export function writePlanFile(file: string, plan: Plan): void {
  refuseToReplace(file);
  try {
    writeFileSync(file, `${JSON.stringify(plan, null, 2)}\n`);
  } catch (error) {
    throw new OffstageError("USAGE", `The plan cannot be written to ${file}: ${(error as Error).message}`, { cause: error, hint: "The plan itself is in the store: apply it by its id." });
  }
}

/** A slip of the keyboard must not cost a workflow: only a plan is replaced by a plan. Throws `USAGE`. */
export function refuseToReplace(file: string): void {
  if (!existsSync(file)) return;
  if (statSync(file).isFile() && (statSync(file).size === 0 || isPlan(planIn(file)))) return;
  throw new OffstageError("USAGE", `${file} is there already and is no plan: it is not replaced.`, { hint: "Give --out another name, or remove that file first." });
}

/** What a plan's file says; null when there is no such file. */
export function readPlanFile(folder: string, name: string): PlanFile | null {
  const file = resolve(folder, name);
  if (!existsSync(file) || !statSync(file).isFile()) {
    if (name.endsWith(".json")) throw new OffstageError("USAGE", `There is no file ${name}.`, { hint: "`offstage plan <workflow> --out FILE` writes a plan that can be applied." });
    return null;
  }
  const found = planIn(file);
  if (found === null) throw new OffstageError("USAGE", `${name} is no plan.`, { hint: "`offstage plan <workflow> --out FILE` writes one." });
  return { name, ...found };
}

/** What is performed is the store's plan, in one of the ways it can be written: whoever looked at, or edited, a file that says something else permitted something else. */
export function refuseEdited({ name, id, document }: PlanFile, ways: readonly Plan[]): void {
  if (ways.some((plan) => isDeepStrictEqual(document, JSON.parse(JSON.stringify(plan))))) return;
  throw new OffstageError("PLAN_VOID", `${name} is not the plan ${id} as it was made: the file was changed.`, {
    hint: `A file cannot take writes out of a plan: \`offstage apply ${id} --without WRITE\` does, and \`offstage apply ${id}\` applies the plan as it was made.`,
  });
}

function isPlan(found: Omit<PlanFile, "name"> | null): boolean {
  return found !== null && Array.isArray((found.document as { readonly effects?: unknown }).effects);
}

function planIn(file: string): Omit<PlanFile, "name"> | null {
  try {
    if (statSync(file).size > MAX_PLAN_BYTES) return null;
    const document = JSON.parse(readFileSync(file, "utf8")) as { readonly id?: unknown };
    return typeof document.id === "string" ? { id: document.id, document } : null;
  } catch {
    return null;
  }
}
