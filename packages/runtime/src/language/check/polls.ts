import { type EffectCheck, isWrite } from "./effects.ts";
import { walkSteps } from "./walk.ts";

/** Each turn of a `poll` has steps of its own: a write without an identity would be made in every one. */
export function checkPolls(check: EffectCheck): void {
  // Where triggers start runs, that is said of every write.
  if (check.program.triggers.length > 0) return;
  walkSteps([check.program.globals, check.program.records, check.program.body], () => undefined, (poll) => {
    if (poll.kind !== "poll") return true;
    walkSteps(poll.turn, check.helperOf, (met) => {
      if (met.kind === "once" || met.kind === "once-per-run") return false;
      if (met.kind === "tool" && check.classified && isWrite(check, met)) {
        check.faults.error(check.node(met.site), "WRITE_WITHOUT_IDENTITY", `${met.server}.${met.tool} may write, and each turn of the poll would do it again.`, "Wrap it: `once(key, () => …)`, or write after the poll.");
      }
      return true;
    });
    return true;
  });
}
