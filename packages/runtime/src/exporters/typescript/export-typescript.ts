import type { BundleFile, ExportSource } from "../../bundle/index.ts";
import { printLearnt, printLock } from "../../tools/index.ts";
import { manifestText, type PackedLibrary } from "./manifest.ts";
import { readmeText } from "./readme.ts";

/** What of Offstage itself the package carries. */
export interface TypescriptOptions {
  /** Packed by npm: the library, then the command line. */
  readonly libraries: readonly PackedLibrary[];
  /** The text of `offstage.program.json`: what the compiler made of these files. */
  readonly programs: string;
}

/**
 * The workflow as a package of TypeScript: a project of its own, in which the module stands as it is, with what its tools look like, and with
 * Offstage beside it. `main.ts` puts it together.
 */
export function exportTypescript(source: ExportSource, { libraries, programs }: TypescriptOptions): readonly BundleFile[] {
  return [
    ...typescriptProject(source),
    { path: "package.json", content: manifestText(source, libraries) },
    { path: "tsconfig.json", content: TSCONFIG },
    { path: "main.ts", content: mainText(source) },
    { path: "README.md", content: readmeText(source) },
    // An older Node ends at the first line of TypeScript; npm says why before that.
    { path: ".npmrc", content: "engine-strict=true\n" },
    { path: ".gitignore", content: "node_modules/\n.offstage/\n.env\n" },
    { path: "offstage.program.json", content: programs },
    ...libraries.map(({ file, bytes }) => ({ path: `vendor/${file}`, content: bytes })),
  ];
}

/** What of it an Offstage project is, whoever runs it: all that the compiler reads. */
export function typescriptProject({ sources, servers, inputs, settingsText, lock, learnt, profiles, serverTypes }: ExportSource): readonly BundleFile[] {
  return [
    ...[...sources].map(([path, content]) => ({ path, content })),
    ...profiles.flatMap(({ server, source }) => (source === undefined ? [] : [{ path: `profiles/${server}.ts`, content: source }])),
    { path: "types/servers.d.ts", content: serverTypes },
    { path: "mcp.json", content: jsonText({ mcpServers: servers, ...(inputs.length === 0 ? {} : { inputs }) }) },
    ...(settingsText === "" ? [] : [{ path: "offstage.yaml", content: settingsText }]),
    { path: "offstage.lock", content: printLock(lock) },
    { path: "offstage.learnt.json", content: printLearnt(learnt) },
  ];
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `#servers` is found through `imports` of the manifest. What `check` accepts type-checks: nothing stricter than it, though what is generated would pass that too. Declarations of packages are their authors' matter, who may have written them for another compiler. */
const TSCONFIG = jsonText({
  compilerOptions: {
    target: "es2024",
    lib: ["es2024"],
    module: "nodenext",
    types: ["node"],
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    allowUnusedLabels: false,
    noFallthroughCasesInSwitch: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
  },
  include: ["main.ts", "workflows", "profiles", "types"],
});

function mainText({ program: { name } }: ExportSource): string {
  return `// Runs the workflow of this package: \`node main.ts plan\`, \`apply\`, \`run\`, \`serve\`. Every other command of Offstage can be given too,
// with the options that it has there: \`node main.ts runs --json\`.
//
// plan and apply read the workflow as Offstage does (offstage.program.json has what it read); run lets Node execute workflows/${name}.ts as it stands.
// All of them write through one ledger, under the policy of offstage.yaml.
import { runPackage } from "@offstage/cli/package";

process.exitCode = await runPackage({ folder: import.meta.dirname, workflow: "${name}" }, process.argv.slice(2));
`;
}
