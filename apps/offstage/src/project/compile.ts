import { canonicalJson, type Diagnostic, hashJson, type Json } from "offstage/base";
import type { Compiler } from "offstage/language";
import { hashProfile } from "offstage/program";
import { classesHash, generateServerTypes, type Lock, serverIdentifiers } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import type { Settings } from "../config/settings.ts";
import { createCompileCache } from "./compile-cache.ts";
import { createProfileCompiler } from "./compile-profiles.ts";
import { importedSources } from "./imported-sources.ts";
import type { Project } from "./load-project.ts";
import { loadLearnt, loadLock } from "./lock-files.ts";
import type { CheckableText } from "./mend-files.ts";
import { missingServerOf, missingServers } from "./missing-servers.ts";
import { moduleFiles, type ModuleTexts } from "./module-texts.ts";
import type { CheckedWorkflow, LoadedProfile, ProjectTypes } from "./project-types.ts";
import { workflowNotFound } from "./workflow-not-found.ts";

export type { CheckedWorkflow, ProjectTypes } from "./project-types.ts";

/** Compiles for one project. Loads TypeScript only when something is not in the cache. */
export interface ProjectCompiler {
  /** Lock, learnt schemas and profiles as the files have them now, or with another lock (`offstage lock` tries it first) and with these profiles. */
  types(replaced?: { readonly lock: Lock; readonly profiles?: readonly LoadedProfile[] }): Promise<ProjectTypes>;
  /** Checks `workflows/<name>.ts`. Errors: `WORKFLOW_NOT_FOUND`. */
  check(name: string, types: ProjectTypes): Promise<CheckedWorkflow>;
  /** Loads the compiler for checks that answer at once and keep nothing: of texts that are being written or mended. */
  checker(types: ProjectTypes): Promise<TextChecker>;
  /**
   * The hosts that the profile of a server gives it, by what the server is made of. Before it was ever started nothing is known of its
   * tools: the profile is not checked against them. Errors: the faults that it has all the same.
   */
  profileHosts(server: string, made: string): Promise<readonly string[]>;
  /** The project's own profiles as they stand, with their checks. */
  ownProfiles(): Promise<readonly CheckableText[]>;
  /** Loads the compiler for checks of texts as `profiles/<server>.ts`. */
  profileChecker(server: string): Promise<(source: string) => readonly Diagnostic[]>;
}

/** Checks a text as `workflows/<name>.ts`. */
export type TextChecker = (name: string, source: string) => CheckedWorkflow;

/** What is compiled: where its files are, and what its settings say of calls. */
export interface CompiledProject extends Partial<Pick<Project, "servers" | "texts">>, Pick<Project, "folder"> {
  readonly settings: Pick<Settings, "classes" | "policy">;
}

/** See {@link ProjectCompiler}. Without `servers` a workflow may name any that is locked: a rehearsal reaches none. */
export function createProjectCompiler(project: CompiledProject, cache = createCompileCache(project.folder)): ProjectCompiler {
  const texts = project.texts ?? moduleFiles(project.folder);
  let loading: Promise<Compiler> | undefined;
  const compiler = (): Promise<Compiler> => (loading ??= import("offstage/language").then(({ createCompiler }) => createCompiler()));

  const profilesOf = createProfileCompiler({ texts, cache, compiler });

  const compileText = async (types: ProjectTypes): Promise<(name: string, source: string) => CompiledWorkflow> => {
    const [{ toolKnowledge }, { compileWorkflow: compileNow }] = await Promise.all([import("./tool-knowledge.ts"), compiler()]);
    const known = { serverTypes: types.serverTypes, module: (other: string) => importedSource(texts, other), ...toolKnowledge(project.settings, types), identifiers: serverIdentifiers(types.lock.servers.keys()) };
    return (name, source) => compileNow({ file: fileOf(name), source, ...known });
  };

  return {
    async types(replaced) {
      const lock = replaced?.lock ?? loadLock(project);
      const learnt = loadLearnt(project);
      const profiles = replaced?.profiles ?? (await profilesOf.all(lock, learnt));
      return {
        lock, learnt, profiles,
        serverTypes: lock.servers.size === 0 ? null : generateServerTypes({ lock, learnt, profiles: profiles.map((profile) => profile.types) }),
        profilesHash: hashJson(profiles.map(({ server, program }) => [server, hashProfile(program)])),
      };
    },
    async check(name, types) {
      const read = readWithImports(texts, name);
      if (read.kind === "unreadable") return { name, file: fileOf(name), source: "", program: null, diagnostics: read.diagnostics };
      const { source, imported } = read;
      const { classes, policy } = project.settings;
      const parts = [fileOf(name), source, ...[...imported].flat(), types.serverTypes ?? "", types.profilesHash, classesHash(types.lock), canonicalJson({ classes, trustHints: policy.trustHints } as unknown as Json)];
      const make = async (): Promise<CompiledWorkflow> => (await compileText(types))(name, source);
      return named(project.servers, { name, source }, await cache.get("workflow", parts, make, ({ program }) => program !== null));
    },
    async checker(types) {
      const compile = await compileText(types);
      return (name, source) => named(project.servers, { name, source }, compile(name, source));
    },
    profileHosts: (server, made) => profilesOf.hosts(server, made),
    ownProfiles: () => profilesOf.own(loadLock(project), loadLearnt(project)),
    async profileChecker(server) {
      const check = await profilesOf.checker(loadLock(project), loadLearnt(project));
      const file = `profiles/${server}.ts`;
      const missing = project.servers === undefined ? [] : missingServerOf(file, server, project.servers.map(({ name }) => name));
      return (source) => [...missing, ...check({ server, file, source })];
    },
  };
}

function fileOf(name: string): string {
  return `workflows/${name}.ts`;
}

function named(servers: Project["servers"] | undefined, { name, source }: { readonly name: string; readonly source: string }, { program, diagnostics }: CompiledWorkflow): CheckedWorkflow {
  const file = fileOf(name);
  if (program === null) return { name, file, source, program, diagnostics };
  const faults = [
    ...(program.name === name ? [] : [nameFault(program.name, { name, file, source })]),
    ...(servers === undefined ? [] : missingServers(program, servers.map((server) => server.name), { file, source })),
  ];
  return { name, file, source, program: faults.length === 0 ? program : null, diagnostics: [...diagnostics, ...faults] };
}

/** Commands find a workflow by its file, the store by its name: two that differ would be found by one and missed by the other. */
function nameFault(said: string, { name, file, source }: { readonly name: string; readonly file: string; readonly source: string }): Diagnostic {
  const before = source.slice(0, Math.max(0, source.indexOf(said, source.search(/\bworkflow\s*\(/)))).split("\n");
  return {
    code: "NAME_INVALID", severity: "error", file, line: before.length, column: (before.at(-1) ?? "").length + 1,
    message: `The workflow calls itself ${said}, its file ${name}.`,
    hint: `Write \`name: "${name}"\`, or rename the file to workflows/${said}.ts. \`was\` keeps the identities of a workflow that ran under another name.`,
  };
}

type CompiledWorkflow = ReturnType<Compiler["compileWorkflow"]>;

/** The text of a workflow; null when there is none of that name. */
function workflowSource(texts: ModuleTexts, name: string): string | null {
  return texts.workflows().includes(name) ? texts.read(fileOf(name)) : null;
}

/** What `./name.ts` or `./own/name.ts` leads to; null when there is none. */
function importedSource(texts: ModuleTexts, name: string): string | null {
  return name.startsWith("own/") ? texts.read(fileOf(name)) : workflowSource(texts, name);
}

/** A workflow and what it may import. One that cannot be read keeps the others from nobody. Errors: `WORKFLOW_NOT_FOUND`. */
function readWithImports(texts: ModuleTexts, name: string): { readonly kind: "read"; readonly source: string; readonly imported: ReadonlyMap<string, string> } | { readonly kind: "unreadable"; readonly diagnostics: readonly Diagnostic[] } {
  try {
    const source = workflowText(texts, name);
    return { kind: "read", source, imported: importedSources(source, (other) => importedSource(texts, other)) };
  } catch (error) {
    if (error instanceof DiagnosticsError) return { kind: "unreadable", diagnostics: error.diagnostics };
    throw error;
  }
}

function workflowText(texts: ModuleTexts, name: string): string {
  const text = workflowSource(texts, name);
  if (text !== null) return text;
  throw workflowNotFound(name, texts.workflows(), { isDrafted: texts.isDrafted?.(name) === true });
}
