import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProjectTypes } from "./project-types.ts";
import { replaceFile } from "./write-file.ts";

/**
 * Writes `.offstage/types`, which the project's tsconfig.json names: the types of the servers, the vocabulary, and what tests import. With
 * them any editor completes every tool. Files that are right already are left alone, so that editors do not read them again. An exported package has its
 * own place for the types of its servers, where its `typecheck` reads them.
 */
export async function writeTypes(folder: string, types: ProjectTypes): Promise<void> {
  // The room that knows the declarations loads the compiler; whoever writes types has just used it, or does so rarely.
  const { nodeApiFiles } = await import("offstage/language");
  const { testDeclarations } = await import("offstage/rehearsal");
  const files = new Map(nodeApiFiles().map(({ name, text }) => [join("offstage", name), asDeclaration(text)]));
  files.set("offstage/test.d.ts", testDeclarations());
  files.set("servers.d.ts", types.serverTypes ?? "export {};\n");
  for (const [name, text] of files) writeUnlessSame(join(folder, ".offstage/types", name), text);
  const own = join(folder, PACKAGE_TYPES);
  if (existsSync(own) && namesOwnTypes(folder)) writeUnlessSame(own, files.get("servers.d.ts") ?? "");
}

/** Where an exported package has them. */
const PACKAGE_TYPES = "types/servers.d.ts";

function namesOwnTypes(folder: string): boolean {
  try {
    const { imports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly imports?: { readonly "#servers"?: { readonly types?: unknown } } };
    return imports?.["#servers"]?.types === `./${PACKAGE_TYPES}`;
  } catch {
    return false;
  }
}

function writeUnlessSame(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) replaceFile(path, text);
}

/** An editor finds `x.d.ts` behind `./x.js`, not behind `./x.ts`. */
function asDeclaration(text: string): string {
  return text.replace(/(from|import)(\s*\(?\s*)"(\.\/[a-z-]+)\.ts"/g, '$1$2"$3.js"');
}
