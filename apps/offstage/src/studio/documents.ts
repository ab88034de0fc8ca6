import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { draftFile, type DocumentEntry, type Documents } from "offstage/studio";
import { moduleFiles } from "../project/module-texts.ts";

const FULL = "language.md";

/** What teaches the language, by the name under which a session reads it. */
const MANUALS: Readonly<Record<string, { readonly file: string; readonly about: string }>> = {
  language: { file: "language-short.md", about: "the workflow language in short" },
  "language/full": { file: FULL, about: "the workflow language, exact and long; one section of it is shorter" },
};

/** The texts of a session besides its drafts: the manuals, the examples, and the project's workflows and profiles; no other file. */
export function createDocuments(projectFolder: string): Documents {
  const files = moduleFiles(projectFolder);
  const manuals = Object.entries(MANUALS).map(([name, { about }]): DocumentEntry => ({ name, about }));
  const named = (kind: "workflows" | "profiles", names: readonly string[]): readonly DocumentEntry[] => names.map((name) => ({ name: `${kind}/${name}.ts`, about: "of the project" }));
  return {
    list: () => [...manuals, ...sections().map(({ name, about }) => ({ name: `language/${name}`, about })), ...examples().map(({ name, about }) => ({ name: `example/${name}`, about })), ...named("workflows", files.workflows()), ...named("profiles", profileNames(projectFolder))],
    read(name) {
      const manual = Object.hasOwn(MANUALS, name) ? MANUALS[name] : undefined;
      if (manual !== undefined) return readManual(manual.file);
      const part = examples().find((one) => `example/${one.name}` === name) ?? sections().find((one) => `language/${one.name}` === name);
      const file = draftFile(name);
      return part?.text ?? (file === null ? null : files.read(file.file));
    },
  };
}

type Part = DocumentEntry & { readonly text: string };

/** `## keep: one thing for each of others`. */
function examples(): readonly Part[] {
  return partsOf("examples.md", ":");
}

/** `## 10. Records`. */
function sections(): readonly Part[] {
  return partsOf(FULL, ".");
}

/** What stands under the headings of a page: a name, a sign and what it is about. */
function partsOf(file: string, sign: string): readonly Part[] {
  return readManual(file).split(/^## /m).slice(1).map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const at = heading.indexOf(sign);
    return { name: heading.slice(0, at), about: heading.slice(at + 1).trim(), text: lines.join("\n").trim() };
  });
}

function profileNames(projectFolder: string): readonly string[] {
  const folder = join(projectFolder, "profiles");
  return existsSync(folder) ? readdirSync(folder).flatMap((name) => /^(.*)\.ts$/.exec(name)?.[1] ?? []).toSorted() : [];
}

/** In an installed package beside the library; in a clone where people read it. */
function readManual(file: string): string {
  const library = import.meta.resolve("offstage/package.json");
  const isClone = import.meta.url.endsWith(".ts");
  return readFileSync(fileURLToPath(new URL(`${isClone ? "../../" : ""}docs/${file}`, library)), "utf8");
}
