import type { Program } from "../../program/index.ts";
import type { CalleeFacts } from "../lower/callee.ts";
import type { Lowering } from "../lower/lowering.ts";
import { isWrite } from "./effects.ts";
import { walkSteps } from "./walk.ts";

/** What those who call this workflow must know of it: asked while it is known which helper a name stands for. */
export function calleeFacts(l: Lowering, program: Program): CalleeFacts {
  const helperOf: Parameters<typeof walkSteps>[1] = (expression) => l.scope.references.get(expression as never)?.draft?.node;
  let writes = false;
  let states = false;
  let bareWrite: string | null = null;
  walkSteps(program.body, helperOf, (met) => {
    const called = met.kind === "call-workflow" ? l.callees[met.workflow]?.facts : undefined;
    writes ||= isWrite(l, met);
    states ||= met.kind === "state" || called?.states === true;
    return true;
  });
  walkSteps(program.body, helperOf, (met) => {
    if (met.kind === "once" || met.kind === "once-per-run") return false;
    if (met.kind === "tool" && isWrite(l, met)) bareWrite ??= `${met.server}.${met.tool}`;
    if (met.kind === "call-workflow") bareWrite ??= l.callees[met.workflow]?.facts.bareWrite ?? null;
    return true;
  });
  return { writes, states, bareWrite };
}
