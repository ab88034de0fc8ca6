import { readFileSync } from "node:fs";
import { OffstageError } from "../base/index.ts";

/** The declarations of `offstage/test`, for a project's `.offstage/types`: editors complete tests without any package installed. */
export function testDeclarations(): string {
  // Source in a clone, declarations in the published package.
  for (const name of ["test-types.ts", "test-types.d.ts"]) {
    try {
      return readFileSync(new URL(name, import.meta.url), "utf8");
    } catch {
      // The other one, then.
    }
  }
  throw new OffstageError("BUG", "The declarations of offstage/test are missing from the package.", { hint: "Install the package again." });
}
