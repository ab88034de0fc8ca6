import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";

/** What the owner's own code imports from npm. */
export interface OwnPackages {
  /** With the versions that the project takes. */
  readonly packages: { readonly [name: string]: string };
  /** What no `package.json` of the project names, nor is installed there; and what it takes from a folder, which is of this machine. */
  readonly unknown: readonly string[];
}

/** What npm finds wherever it is asked, of what a version may be: a range or a tag, another package's, a repository, an archive. All else is a place on this machine, or another tool's. */
const TO_BE_HAD = [/^(?!.*\.(?:tgz|tar|tar\.gz)$)[\w.^~<>=|*+ -]*$/i, /^npm:/, /^(?:git\+)?(?:https?|ssh):\/\//, /^git:\/\//, /^(?:github|gitlab|bitbucket|gist):/, /^[\w-]+\/[\w.-]+(?:#.*)?$/];

/** The packages that texts import, and what the project says of their versions: its `package.json`, else what is installed. */
export function ownPackages(folder: string, texts: readonly string[]): OwnPackages {
  const manifest = manifestOf(folder);
  const named = { ...manifest.devDependencies, ...manifest.optionalDependencies, ...manifest.dependencies };
  const versionOf = (name: string): string | undefined => {
    const version: unknown = Object.hasOwn(named, name) ? named[name] : manifestOf(join(folder, "node_modules", name)).version;
    return typeof version === "string" && TO_BE_HAD.some((form) => form.test(version)) ? version : undefined;
  };
  const found = [...new Set(texts.flatMap(importedPackages))].toSorted().map((name) => [name, versionOf(name)] as const);
  return {
    packages: Object.fromEntries(found.flatMap(([name, version]) => (version === undefined ? [] : [[name, version]]))),
    unknown: found.filter(([, version]) => version === undefined).map(([name]) => name),
  };
}

/** `@scope/name/part` is of `@scope/name`. */
function importedPackages(text: string): readonly string[] {
  return importedFrom(text).filter((specifier) => /^[^./#]/.test(specifier) && !isBuiltin(specifier) && !specifier.includes(":")).map((specifier) => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/"));
}

/** What is imported by a path and is not among the texts, `../shared.ts`: as "<file> imports <path>". */
export function importsBeyond(texts: ReadonlyMap<string, string>, isThere: (file: string) => boolean): readonly string[] {
  return [...texts].flatMap(([file, text]) =>
    [...new Set(importedFrom(text))].filter((specifier) => /^(?:[/#]|\.\.?\/|file:)/.test(specifier) && !(specifier.startsWith(".") && isThere(posix.join(posix.dirname(file), specifier)))).map((specifier) => `${file} imports ${specifier}`));
}

/** By static and dynamic imports, and by `require`. Something in a comment that looks like one costs a dependency or a line, and breaks nothing. */
function importedFrom(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g)].map(([, specifier = ""]) => specifier);
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return {};
  }
}
