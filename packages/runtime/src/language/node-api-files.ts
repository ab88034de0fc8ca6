import { readFileSync } from "node:fs";
import { type ApiFile, apiFiles } from "./api-files.ts";

/** {@link apiFiles} read with Node from the package itself. */
export function nodeApiFiles(): readonly ApiFile[] {
  return apiFiles((url) => {
    try {
      return readFileSync(url, "utf8");
    } catch {
      return null;
    }
  });
}
