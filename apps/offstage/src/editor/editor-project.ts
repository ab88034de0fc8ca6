import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { createRedactor, type Diagnostic, formatDuration, isOffstageError } from "offstage/base";
import type { ToolFacts } from "offstage/language";
import { serverIdentifiers } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import { createProjectCompiler, type TextChecker } from "../project/compile.ts";
import { loadProject } from "../project/load-project.ts";
import { toolKnowledge } from "../project/tool-knowledge.ts";

/** A project as an editor asks about it: at once, about texts that are being written. */
export interface EditorProject {
  /** The faults of a file of the project; none while it is being read, and none for files that are not its workflows or profiles. */
  check(fileName: string, text: string): readonly Diagnostic[];
  /** What is known of a tool besides its types; null for what is no tool. `server` is its name in `#servers`. */
  describe(server: string, tool: string): string | null;
}

interface Loaded {
  readonly workflow: TextChecker;
  readonly profiles: ReadonlyMap<string, (text: string) => readonly Diagnostic[]>;
  readonly describe: EditorProject["describe"];
}

const WATCHED = ["mcp.json", "offstage.yaml", "offstage.lock", "offstage.learnt.json", "profiles"];

/**
 * Reads a project in the background, again whenever one of its files changed; `ready` is called when there is something new
 * to tell. No server is started, no secret resolved, nothing written.
 */
export function createEditorProject(folder: string, ready: () => void): EditorProject {
  let loaded: Loaded | null = null;
  let fault: string | null = null;
  let read = "";
  let told: { readonly key: string; readonly diagnostics: readonly Diagnostic[] } | null = null;

  const refresh = (): void => {
    const stamp = stampOf(folder);
    if (stamp === read) return;
    read = stamp;
    load(folder).then((now) => {
      [loaded, fault] = [now, null];
    }, (error: unknown) => {
      [loaded, fault] = [null, messageOf(error)];
    }).finally(() => {
      told = null;
      ready();
    });
  };
  refresh();

  return {
    check(fileName, text) {
      refresh();
      const file = relative(folder, fileName).replaceAll("\\", "/");
      const name = /^workflows\/([a-z0-9-]+)\.ts$/.exec(file)?.[1];
      const profile = loaded?.profiles.get(file);
      if (name === undefined && !file.startsWith("profiles/")) return [];
      if (fault !== null) return [{ code: "PROJECT", severity: "error", file, line: 1, column: 1, message: fault }];
      if (loaded === null) return [];
      const key = `${file}\n${text}`;
      if (told?.key !== key) told = { key, diagnostics: name === undefined ? (profile?.(text) ?? []) : loaded.workflow(name, text).diagnostics };
      return told.diagnostics;
    },
    describe: (server, tool) => loaded?.describe(server, tool) ?? null,
  };
}

async function load(folder: string): Promise<Loaded> {
  const project = loadProject(folder, { env: {}, redactor: createRedactor() });
  const compiler = createProjectCompiler(project);
  const types = await compiler.types();
  const known = toolKnowledge(project.settings, types);
  const names = new Map([...serverIdentifiers([...types.lock.servers.keys()])].map(([name, identifier]) => [identifier, name]));
  const profiles = await compiler.ownProfiles();
  return {
    workflow: await compiler.checker(types),
    profiles: new Map(profiles.map(({ file, check }) => [file, check])),
    describe(identifier, tool) {
      const server = names.get(identifier) ?? identifier;
      const pinned = types.lock.servers.get(server)?.tools.get(tool);
      if (pinned === undefined) return null;
      const effect = known.mayWrite(server, tool, null, "any") ? (pinned.classes.every((one) => one.effect === "write") ? "writes" : "reads or writes, by its arguments") : "reads";
      return `Offstage: ${[effect, ...factTexts(known.facts, server, tool)].join("; ")}.`;
    },
  };
}

function factTexts(facts: ToolFacts, server: string, tool: string): readonly string[] {
  const known = facts.call(server, tool, {}, []);
  if (known === null) return [];
  return [
    ...(known.pages === null ? [] : ["pages: `.pages(…)` reads all"]),
    ...(known.lagMs === null || known.lagMs === 0 ? [] : [`may lag by ${formatDuration(known.lagMs)}`]),
    ...(known.affects.length === 0 ? [] : [`makes stale: ${known.affects.join(", ")}`]),
  ];
}

function messageOf(error: unknown): string {
  return error instanceof DiagnosticsError || isOffstageError(error) ? error.message : `Offstage could not read the project: ${String(error)}`;
}

function stampOf(folder: string): string {
  const files = [...WATCHED, ...profilesOf(folder)];
  return files.map((file) => `${file} ${statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0}`).join("\n");
}

function profilesOf(folder: string): readonly string[] {
  return statSync(join(folder, "profiles"), { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(join(folder, "profiles")).map((name) => `profiles/${name}`) : [];
}
