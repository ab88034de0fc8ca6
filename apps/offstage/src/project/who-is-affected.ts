import type { Diagnostic } from "offstage/base";
import { namedServers, type Program, programFamily } from "offstage/program";
import { type Lock, withServer } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import { type CheckedWorkflow, type ProjectCompiler } from "./compile.ts";
import { workflowNames } from "./module-texts.ts";
import type { LoadedProfile } from "./project-types.ts";
import type { LockChange } from "./lock-diff.ts";

/** A workflow that a change breaks: it checked before, and does not any more. */
export interface BrokenWorkflow {
  readonly workflow: string;
  /** The first fault: where the text does not fit the tool as it is now. */
  readonly fault: Pick<Diagnostic, "file" | "line" | "column" | "code" | "message">;
}

/** What one change means for the workflows of the project; those in no list do not care. */
export interface Affected {
  readonly breaks: readonly BrokenWorkflow[];
  /** They use what is new: it is what they waited for. */
  readonly use: readonly string[];
  /** They use the tool, and still check: what they mean by it may have changed. */
  readonly look: readonly string[];
}

/** What changes mean for a project. */
export interface ChangeEffects {
  /** Of each change, in the order of the changes. */
  readonly affected: readonly Affected[];
  /** Workflows that do not check with all changes. */
  readonly broken: readonly string[];
  /** Workflows that check with neither lock: what they use is not known. */
  readonly unread: readonly string[];
}

/** Two locks, and how to check workflows against them. */
export interface Comparison {
  readonly folder: string;
  readonly compiler: Pick<ProjectCompiler, "types" | "check">;
  readonly before: Lock;
  readonly after: Lock;
  /** The profiles of before, where those of the project do not fit the tools as they are now. */
  readonly profiles: readonly LoadedProfile[] | null;
}

/** Who is affected by each change: found by checking the workflows against both locks. */
export async function whoIsAffected(comparison: Comparison, changes: readonly LockChange[]): Promise<ChangeEffects> {
  const now = await checkAll(comparison, comparison.after);
  const then = comparison.before.servers.size === 0 || changes.length === 0 ? now : await checkAll(comparison, comparison.before);
  const users = [...now.keys()].map((workflow) => ({ workflow, program: then.get(workflow)?.program ?? now.get(workflow)?.program ?? null }));
  const broke = new Map([...now].filter(([name, { program }]) => program === null && then.get(name)?.program !== null && then.get(name) !== undefined));
  const causes = await causesOf(comparison, changes, users.filter(({ workflow }) => broke.has(workflow)));
  const affected = changes.map((change): Affected => {
    const using = users.filter(({ program }) => program !== null && uses(program, change)).map(({ workflow }) => workflow);
    if (change.kind === "added") return { breaks: [], use: using, look: [] };
    const breaking = using.filter((workflow) => causes.get(workflow)?.has(change) === true);
    return { breaks: breaking.map((workflow) => ({ workflow, fault: firstFault(broke.get(workflow)) })), use: [], look: using.filter((workflow) => !breaking.includes(workflow)) };
  });
  const read = users.filter(({ program }) => program !== null).map(({ workflow }) => workflow);
  return { affected, broken: [...now.values()].filter(({ program }) => program === null).map(({ name }) => name), unread: workflowNames(comparison.folder).filter((name) => !read.includes(name)) };
}

/** Every workflow against one lock; none where the profiles do not fit it. */
async function checkAll({ folder, compiler, profiles }: Comparison, lock: Lock): Promise<ReadonlyMap<string, CheckedWorkflow>> {
  try {
    const types = await compiler.types({ lock, ...(profiles === null ? {} : { profiles }) });
    const checked = new Map<string, CheckedWorkflow>();
    for (const name of workflowNames(folder)) checked.set(name, await compiler.check(name, types));
    return checked;
  } catch (error) {
    if (error instanceof DiagnosticsError) return new Map();
    throw error;
  }
}

type User = { readonly workflow: string; readonly program: Program | null };

/** Beyond so many changes in one workflow each is held to be a cause: trying them one by one would take minutes. */
const MOST_TRIED = 12;

/** Which changes break each workflow: where it uses more than one, each is tried alone. */
async function causesOf(comparison: Comparison, changes: readonly LockChange[], broken: readonly User[]): Promise<ReadonlyMap<string, ReadonlySet<LockChange>>> {
  const causes = new Map<string, ReadonlySet<LockChange>>();
  for (const { workflow, program } of broken) {
    const used = changes.filter((change) => change.kind !== "added" && program !== null && uses(program, change));
    const tools = used.filter(({ tool }) => tool !== null);
    const alone = tools.length < 2 || tools.length > MOST_TRIED ? tools : await tryAlone(comparison, workflow, tools);
    causes.set(workflow, new Set(alone.length > 0 ? alone : used));
  }
  return causes;
}

async function tryAlone(comparison: Comparison, workflow: string, changes: readonly LockChange[]): Promise<readonly LockChange[]> {
  const guilty: LockChange[] = [];
  for (const change of changes) {
    const checked = await checkOne(comparison, workflow, withChange(comparison, change));
    if (!checked) guilty.push(change);
  }
  return guilty;
}

async function checkOne({ compiler, profiles }: Comparison, workflow: string, lock: Lock): Promise<boolean> {
  try {
    return (await compiler.check(workflow, await compiler.types({ lock, ...(profiles === null ? {} : { profiles }) }))).program !== null;
  } catch (error) {
    if (error instanceof DiagnosticsError) return false;
    throw error;
  }
}

/** The former lock with one tool as it is now. */
function withChange({ before, after }: Comparison, { server, tool }: LockChange): Lock {
  const locked = before.servers.get(server);
  if (locked === undefined || tool === null) return after;
  const tools = new Map(locked.tools);
  const now = after.servers.get(server)?.tools.get(tool);
  if (now === undefined) tools.delete(tool);
  else tools.set(tool, now);
  return withServer(before, server, { ...locked, tools });
}

function uses(program: Program, { server, tool }: LockChange): boolean {
  return programFamily(program).some((one) => (tool === null ? namedServers(one).includes(server) : one.tools.some((use) => use.server === server && use.tool === tool)));
}

function firstFault(checked: CheckedWorkflow | undefined): BrokenWorkflow["fault"] {
  const fault = checked?.diagnostics.find(({ severity }) => severity === "error");
  return { file: fault?.file ?? checked?.file ?? "", line: fault?.line ?? 1, column: fault?.column ?? 1, code: fault?.code ?? "", message: fault?.message ?? "" };
}
