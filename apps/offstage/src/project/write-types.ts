import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProjectTypes } from "./project-types.ts";
import { replaceFile } from "./write-file.ts";

/**
 * Writes `.offstage/types`, which the project's tsconfig.json names: the types of the servers, the vocabulary, and what tests import. With
 * them any editor completes every tool. Files that are right already are left alone, so that editors do not read them again.
 */
export async function writeTypes(folder: string, types: ProjectTypes): Promise<void> {
  // The room that knows the declarations loads the compiler; whoever writes types has just used it, or does so rarely.
  const { nodeApiFiles } = await import("offstage/language");
  const { testDeclarations } = await import("offstage/rehearsal");
  const files = new Map(nodeApiFiles().map(({ name, text }) => [join("offstage", name), asDeclaration(text)]));
  files.set("offstage/test.d.ts", testDeclarations());
  files.set("servers.d.ts", types.serverTypes ?? "export {};\n");
  for (const [name, text] of files) {
    const path = join(folder, ".offstage/types", name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) replaceFile(path, text);
  }
}

/** An editor finds `x.d.ts` behind `./x.js`, not behind `./x.ts`. */
function asDeclaration(text: string): string {
  return text.replace(/(from|import)(\s*\(?\s*)"(\.\/[a-z-]+)\.ts"/g, '$1$2"$3.js"');
}
