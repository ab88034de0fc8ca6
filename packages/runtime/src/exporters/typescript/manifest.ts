import type { ExportSource } from "../../bundle/index.ts";

/** A package of ours, as `npm pack` packs it. */
export interface PackedLibrary {
  readonly name: string;
  /** The file's name: `offstage-0.1.0.tgz`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The oldest Node that strips types as the package needs it. */
const NODE = ">=22.18";

/** `package.json`. Ours come out of `vendor/`; all else that it needs, for the owner's own code too, is on the public registry. */
export function manifestText({ program: { name, description }, packages }: Pick<ExportSource, "program" | "packages">, libraries: readonly PackedLibrary[]): string {
  const vendored = Object.fromEntries(libraries.map((library) => [library.name, `file:vendor/${library.file}`]));
  const manifest = {
    name, version: "1.0.0", private: true, ...(description === "" ? {} : { description }), type: "module",
    engines: { node: NODE },
    imports: { "#servers": { types: "./types/servers.d.ts" } },
    scripts: {
      plan: "node main.ts plan",
      apply: "node main.ts apply",
      start: "node main.ts run",
      serve: "node main.ts serve",
      check: "node main.ts check",
      typecheck: "tsc",
      lint: "oxlint --deny-warnings",
    },
    // Own code may import ours too: what the project takes of it is not what the package carries.
    dependencies: { ...packages, ...vendored },
    devDependencies: { "@types/node": "24.19.2", oxlint: "1.94.0", typescript: "7.0.2" },
    // One depends on the other, by a version that no registry has.
    overrides: Object.fromEntries(libraries.map((library) => [library.name, `$${library.name}`])),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
