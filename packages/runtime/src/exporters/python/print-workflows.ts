import type { BundleFile } from "../../bundle/index.ts";
import { type Program, programFamily } from "../../program/index.ts";
import { clientNames } from "./client-names.ts";
import { moduleName } from "./module.ts";
import { type PrintedSite, sitesIn } from "./printed-sites.ts";
import { toolUses } from "./tool-uses.ts";
import { printWorkflowModule } from "./workflow.ts";

/** `workflow.py`, and a module for each workflow that it calls or starts. */
export function printWorkflows(program: Program): readonly BundleFile[] {
  const clients = clientNames(toolUses(program));
  return programFamily(program).map((one) => ({
    path: one === program ? "workflow.py" : `${moduleName(one)}.py`, content: printWorkflowModule(one, clients).text,
  }));
}

/** Where the steps of a workflow stand in its printed module, in the order of the text. */
export function printedSites(program: Program): readonly PrintedSite[] {
  return sitesIn(printWorkflowModule(program, clientNames(toolUses(program))).body);
}
