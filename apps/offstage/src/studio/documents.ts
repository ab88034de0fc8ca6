import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DocumentEntry, Documents } from "offstage/studio";
import { moduleFiles } from "../project/module-texts.ts";

/** What teaches the language, by the name under which a session reads it. */
const MANUALS: Readonly<Record<string, { readonly file: string; readonly about: string }>> = {
  language: { file: "language-short.md", about: "the workflow language in short" },
  "language/full": { file: "language.md", about: "the workflow language, exact" },
};

/** The texts of a session besides its drafts: the manuals, and the project's files. */
export function createDocuments(projectFolder: string): Documents {
  const files = moduleFiles(projectFolder);
  const manuals = Object.entries(MANUALS).map(([name, { about }]): DocumentEntry => ({ name, about }));
  return {
    list: () => [...manuals, ...files.workflows().map((name) => ({ name: `workflows/${name}.ts`, about: "a workflow of the project" })), ...profileNames(projectFolder).map((server) => ({ name: `profiles/${server}.ts`, about: "a profile of the project" }))],
    read(name) {
      const manual = Object.hasOwn(MANUALS, name) ? MANUALS[name] : undefined;
      return manual === undefined ? files.read(name) : readFileSync(manualPath(manual.file), "utf8");
    },
  };
}

function profileNames(projectFolder: string): readonly string[] {
  const folder = join(projectFolder, "profiles");
  return existsSync(folder) ? readdirSync(folder).flatMap((name) => /^(.*)\.ts$/.exec(name)?.[1] ?? []).toSorted() : [];
}

/** In an installed package beside the library; in a clone where people read it. */
function manualPath(file: string): string {
  const library = import.meta.resolve("offstage/package.json");
  const packed = fileURLToPath(new URL(`docs/${file}`, library));
  return existsSync(packed) ? packed : fileURLToPath(new URL(`../../docs/${file}`, library));
}
