import { fileURLToPath } from "node:url";

/** What Node is started with for a process that works for this one: its own flags, and the entry with the module that does the work, `reload/compile-all`, below `src/`. */
export function nodeArguments(work: string): { readonly flags: readonly string[]; readonly entry: string; readonly module: string } {
  const isClone = import.meta.url.endsWith(".ts");
  const at = (name: string): URL => new URL(`../${name}${isClone ? ".ts" : ".js"}`, import.meta.url);
  return { flags: isClone ? ["--conditions=offstage-src", "--disable-warning=ExperimentalWarning"] : [], entry: fileURLToPath(at("apart/entry")), module: at(work).href };
}
