import { join } from "node:path";
import { type Data, type Diagnostic, hashJson, OffstageError } from "offstage/base";
import { flowOf, hashConditions } from "offstage/program";
import type { Draft, DraftFile, DraftShelf } from "offstage/studio";
import { foldBlanks, isBlankLine, withServer } from "offstage/tools";
import type { CommandIo } from "../command-io.ts";
import { DiagnosticsError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { classText } from "../project/class-text.ts";
import { flowText } from "../output/flow-text.ts";
import { createProjectCompiler, type ProjectCompiler } from "../project/compile.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { LOCK_FILE, loadLock, saveLock } from "../project/lock-files.ts";
import { changedLines } from "../project/mend-files.ts";
import { moduleFiles } from "../project/module-texts.ts";
import { pinnedAgain, reclassed } from "../project/pin-server.ts";
import type { LoadedProfile, ProjectTypes } from "../project/project-types.ts";
import { createProjectRulebook } from "../project/project-rulebook.ts";
import { replaceFile } from "../project/write-file.ts";
import { escapeControls } from "../terminal.ts";
import { createDraftShelf } from "./draft-shelf.ts";

/** A draft that can be adopted. */
interface Adoptable {
  readonly project: Project;
  readonly shelf: DraftShelf;
  readonly draft: Draft;
  /** What the project's file holds; null when there is none. */
  readonly before: string | null;
  /** A workflow step by step. */
  readonly goes: string | null;
}

/** What adopting a draft would change, with a hash that names exactly that. Errors: as {@link adoptDraft}. */
export async function adoptionOf(io: CommandIo, file: DraftFile): Promise<{ readonly about: string; readonly revision: number; readonly text: string }> {
  const adoptable = await findAdoptable(io, file);
  const { draft, before, goes } = adoptable;
  const classes = file.kind === "profile" ? await classChanges(adoptable, file.name) : [];
  const head = before === null ? `${file.file} is new:` : `${file.file} is changed:`;
  const text = [head, "", ...(before === null ? foldBlanks(draft.text.split("\n")) : foldBlanks(changedLines(before, draft.text), isBlankChange)).map((line) => escapeControls(line)), ...(classes.length === 0 ? [] : ["", "With it, these calls are something else:", ...classes]), ...(goes === null ? [] : ["", "How it goes, by its triggers where `offstage serve` runs:", "", goes])].join("\n");
  return { about: hashJson(["adopt", draft.file, draft.text, before, classes] as unknown as Data), revision: draft.revision, text };
}

/** A line of {@link changedLines} without a text. */
function isBlankChange(line: string): boolean {
  return isBlankLine(line.replace(/^\d+ [+-]/, ""));
}

/**
 * Puts a draft into the project's files; the classes of a profile's server are pinned with it. Errors: `DRAFT_UNKNOWN`, `NOT_LOCKED` for a profile of a server that is not, `DRAFT_CHANGED` when it is not `revision` any more, or the project's
 * file is not what it was when the draft was begun, its diagnostics when it does not check.
 */
export async function adoptDraft(io: CommandIo, file: DraftFile, revision: number): Promise<ExitCode> {
  const adoptable = await findAdoptable(io, file);
  const { project, shelf, draft } = adoptable;
  if (draft.revision !== revision) throw new OffstageError("DRAFT_CHANGED", `The draft of ${file.file} is at revision ${draft.revision}, not ${revision}.`, { hint: "Look at it again." });
  // The lock first: a profile whose classes are not pinned holds up what names its server, and nothing else.
  if (file.kind === "profile") await pinClasses(adoptable, file.name);
  replaceFile(join(project.folder, file.file), draft.text);
  shelf.remove(draft.file, draft.revision);
  io.answer({ file: file.file, adopted: true }, `${file.file} is the project's now.`, "prose");
  return EXIT.fine;
}

async function findAdoptable(io: CommandIo, file: DraftFile): Promise<Adoptable> {
  const project = openProject(io);
  const shelf = createDraftShelf(project.folder);
  const draft = shelf.newest(file.file);
  if (draft === null) throw new OffstageError("DRAFT_UNKNOWN", `Nothing is drafted as ${file.file}.`, { hint: drafted(shelf) });
  // What is not locked has no classes that could be shown, and its calls would be what the draft says.
  if (file.kind === "profile" && project.servers.some(({ name }) => name === file.name) && !loadLock(project).servers.has(file.name)) throw new OffstageError("NOT_LOCKED", `Server "${file.name}" is not in ${LOCK_FILE}: what its profile makes of its calls cannot be shown.`, { hint: "Run `offstage lock` and review what it adds; then adopt the profile." });
  const before = shelf.adopted(file.file);
  // A process that died while it adopted the draft left it behind: what it wrote is the draft's.
  if (before !== shelf.base(file.file) && before !== draft.text) throw new OffstageError("DRAFT_CHANGED", `${file.file} was changed in the project since it was drafted: that would be lost.`, { hint: `Read ${file.file} in the chat: it shows the draft, and the file as it is now. A whole text that is written then, with what is in both, can be adopted.` });
  return { project, shelf, draft, before, goes: await howItGoes(project, file, draft.text) };
}

function drafted(shelf: DraftShelf): string {
  const files = shelf.files();
  return files.length === 0 ? "There are no drafts: a chat writes them, through `offstage mcp`." : `There are: ${files.join(", ")}.`;
}

/** Of the draft in the project, without the other drafts: what it imports of those is not there. Throws its faults. */
async function howItGoes(project: Project, { kind, name, file }: DraftFile, text: string): Promise<string | null> {
  const compiler = compilerWith(project, { file, text });
  if (kind === "profile") {
    refuseErrors((await compiler.profileChecker(name))(text));
    return null;
  }
  const types = await compiler.types();
  const { program, diagnostics } = await compiler.check(name, types);
  refuseErrors(diagnostics);
  return program === null ? null : flowText(flowOf(program, createProjectRulebook(project.settings, types).mayWrite));
}

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some(({ severity }) => severity === "error")) throw new DiagnosticsError("WORKFLOW_INVALID", diagnostics);
}

/** The types of the project as they were with a drafted profile in the place of its own. */
function typesWith({ project, draft }: Adoptable): Promise<ProjectTypes> {
  return compilerWith(project, draft).types();
}

function compilerWith(project: Project, { file, text }: Pick<Draft, "file" | "text">): ProjectCompiler {
  const files = moduleFiles(project.folder);
  const name = /^workflows\/(.*)\.ts$/.exec(file)?.[1];
  return createProjectCompiler({ ...project, texts: { workflows: () => [...new Set([...files.workflows(), ...(name === undefined ? [] : [name])])].toSorted(), read: (one) => (one === file ? text : files.read(one)) } });
}

async function classChanges(adoptable: Adoptable, server: string): Promise<readonly string[]> {
  const { lock, profiles } = await typesWith(adoptable);
  const pinned = lock.servers.get(server);
  if (pinned === undefined) return [];
  const then = pinnedAgain(server, pinned, profiles, adoptable.project.settings);
  const known = (await createProjectCompiler(adoptable.project).types()).profiles;
  const conditions = (of: readonly LoadedProfile[], tool: string): string => {
    const program = of.find((profile) => profile.server === server)?.program;
    const rules = program !== undefined && Object.hasOwn(program.rules, tool) ? program.rules[tool] : undefined;
    return hashConditions({ globals: program?.globals ?? [] }, rules ?? []);
  };
  const changed = new Set(reclassed(pinned, then));
  return [...pinned.tools.keys()].filter((tool) => changed.has(tool) || conditions(known, tool) !== conditions(profiles, tool)).map((tool) => {
    const [now, next] = [pinned, then].map(({ tools }) => tools.get(tool)).map((one) => (one === undefined ? "" : escapeControls(classText(one))));
    const effects = (then.tools.get(tool)?.classes ?? []).map(({ effect }) => effect);
    const reads = effects.every((effect) => effect === "read") ? "it is" : effects.includes("read") ? "what reads of it is" : null;
    return `  ${escapeControls(`${server}.${tool}`)}: ${now === next ? `${next}, by other rules` : `${now} → ${next}`}${reads === null ? "" : `: from now on ${reads} called while planning, and nobody is asked`}`;
  });
}

async function pinClasses(adoptable: Adoptable, server: string): Promise<void> {
  const { lock, profiles } = await typesWith(adoptable);
  const pinned = lock.servers.get(server);
  if (pinned === undefined) return;
  const then = pinnedAgain(server, pinned, profiles, adoptable.project.settings);
  if (reclassed(pinned, then).length > 0) saveLock(adoptable.project, withServer(lock, server, then));
}
