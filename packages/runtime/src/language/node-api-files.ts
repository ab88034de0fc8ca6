import { OffstageError } from "../base/index.ts";
import { type ApiFile, apiFiles } from "./api-files.ts";

/**
 * {@link apiFiles} read with Node from the package itself. This room runs in a browser too, so Node's file system is asked
 * for, not imported. Errors: `BUG` where there is none: then the caller has to bring the declarations.
 */
export function nodeApiFiles(): readonly ApiFile[] {
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (fs === undefined) throw new OffstageError("BUG", "There is no file system here to read offstage's declarations from.", { hint: "Give `apiFiles` and `libraries` to createCompiler." });
  return apiFiles((url) => {
    try {
      return fs.readFileSync(url, "utf8");
    } catch {
      return null;
    }
  });
}
