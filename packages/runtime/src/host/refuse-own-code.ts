import { OffstageError } from "../base/index.ts";
import { ownModules, type Program } from "../program/index.ts";

/** A run of what calls its owner's code begins only where that is executed. Errors: `OWN_CODE`. */
export function refuseOwnCode(program: Program): void {
  const modules = ownModules(program).map((module) => `own/${module}.ts`);
  if (modules.length === 0) return;
  throw new OffstageError("OWN_CODE", `${program.name} calls its owner's code (${modules.join(", ")}), which is not executed here.`, { hint: "An exported package executes it, and so do `offstage run --native` and `offstage serve --native`. `plan` shows what is known without it." });
}
