import type { BundleFile } from "../../bundle/index.ts";
import { type Program, programFamily } from "../../program/index.ts";
import { type Annotations, moduleName } from "./module.ts";
import { printWorkflowModule } from "./workflow.ts";

/** What a printing may be told beside the Program. */
export interface PrintOptions {
  /**
   * Python types, by the name of a workflow and then by place: `120:0` is the first parameter of the function at offset 120 of
   * its source, `120:returns` what it gives. What is not there is printed without a type. Types of servers are written as in
   * `github.PullRequest`; what they name is imported.
   */
  readonly annotations?: ReadonlyMap<string, Annotations>;
}

/** `workflow.py`, and a module for each workflow that it calls or starts. */
export function printWorkflows(program: Program, { annotations }: PrintOptions = {}): readonly BundleFile[] {
  const none: Annotations = new Map();
  return programFamily(program).map((one) => ({
    path: one === program ? "workflow.py" : `${moduleName(one)}.py`, content: printWorkflowModule(one, annotations?.get(one.name) ?? none),
  }));
}
