import type { Program } from "../../program/index.ts";
import type { Faults } from "../faults.ts";
import type { ts } from "../typescript.ts";
import { walkSteps } from "./walk.ts";

/** Refuses two `once` under one key, and two starts of one workflow: the second would get the first one's result. */
export function checkOnceKeys(program: Pick<Program, "body" | "globals" | "records">, faults: Faults, node: (site: string) => ts.Node): void {
  const keys = new Set<string>();
  const starts = new Set<string>();
  walkSteps([program.globals, program.records, program.body], () => undefined, (met) => {
    if (met.kind === "once" && met.key.kind === "const" && typeof met.key.value === "string") {
      if (keys.has(met.key.value)) faults.error(node(met.site), "NAME_DUPLICATE", `A once with the key ${JSON.stringify(met.key.value)} exists already.`, "Give each its own key: its result is kept under it.");
      keys.add(met.key.value);
    }
    if (met.kind === "start-workflow" && met.key.kind === "const" && typeof met.key.value === "string") {
      const start = JSON.stringify([met.workflow, met.key.value]);
      if (starts.has(start)) faults.error(node(met.site), "NAME_DUPLICATE", `This workflow is started under the key ${JSON.stringify(met.key.value)} already.`, "Give each run its own key: there is one for each.");
      starts.add(start);
    }
    return true;
  });
}
