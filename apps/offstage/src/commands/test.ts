import { availableParallelism } from "node:os";
import { type Data, OffstageError, parseDuration } from "offstage/base";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { createProjectCompiler, type ProjectCompiler } from "../project/compile.ts";
import { workflowNames } from "../project/module-texts.ts";
import { openProject, type Project } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";
import { runTestFile } from "../test-run/run-test-file.ts";
import { chosenTestFiles, workflowOf } from "../test-run/test-files.ts";
import { type FileResult, isGood } from "../test-run/test-result.ts";
import { testsText } from "../test-run/test-text.ts";
import { watchTests } from "../test-run/watch-tests.ts";

interface TestOptions {
  readonly watch?: boolean;
  readonly limit: string;
}

/** `offstage test [workflow]`: the tests beside the workflows, without a server, a network or a secret. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[workflow]", "only the tests of this one")
    .option("--watch", "run again what a change touches, until Ctrl-C")
    .option("--limit <duration>", "how long a test may take that says nothing itself", "10s")
    .action(io.action((workflow: string | undefined, options: TestOptions) => test(io, workflow, options)));
}

async function test(io: CommandIo, workflow: string | undefined, options: TestOptions): Promise<ExitCode> {
  const limitMs = parseDuration(options.limit);
  if (limitMs === null || limitMs <= 0) throw new OffstageError("USAGE", `--limit ${options.limit} is no duration.`, { hint: "Write --limit 10s, or 2m." });
  if (options.watch === true && io.json) throw new OffstageError("USAGE", "--watch prints as it goes, --json one document in the end.", { hint: "Leave one of them out." });
  const { folder } = openProject(io);
  const compiler = compilerOf(io);
  const run = (files: readonly string[]): Promise<readonly FileResult[]> => runFiles(io, compiler(), { files, limitMs });
  if (options.watch === true) return watchTests(io, folder, { workflow, run });
  const startedAt = io.clock.now();
  const results = await run(chosenTestFiles(folder, workflow));
  io.answer(testsData(results), testsText(results, io.clock.now() - startedAt, io));
  return exitCodeOfTests(results);
}

function testsData(files: readonly FileResult[]): Data {
  return { ok: files.every(isGood), files } as unknown as Data;
}

/** A workflow that does not check is told apart from a test that fails, as everywhere. */
function exitCodeOfTests(files: readonly FileResult[]): ExitCode {
  if (files.every(isGood)) return EXIT.fine;
  return files.some((file) => file.failure?.code === "WORKFLOW_INVALID") ? EXIT.usage : EXIT.failed;
}

/** A project with its compiler, which stays warm as long as the settings are the same. */
interface Compiled {
  readonly project: Project;
  readonly compiler: ProjectCompiler;
}

function compilerOf(io: CommandIo): () => Compiled {
  let last: Compiled | null = null;
  return () => {
    const project = openProject(io);
    if (last === null || JSON.stringify(last.project.settings) !== JSON.stringify(project.settings)) last = { project, compiler: createProjectCompiler(project) };
    return last;
  };
}

/** Files side by side, as many as the machine has processors; each waits for its workflow to be compiled, once for all threads. */
async function runFiles(io: CommandIo, { project: { folder }, compiler }: Compiled, { files, limitMs }: { readonly files: readonly string[]; readonly limitMs: number }): Promise<readonly FileResult[]> {
  const types = await compiler.types();
  const names = workflowNames(folder);
  const results = new Map<string, FileResult>();
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      io.terminal.progress(`testing ${file} …`);
      const workflow = workflowOf(file);
      const checked = names.includes(workflow) ? await compiler.check(workflow, types) : null;
      results.set(file, checked !== null && checked.program === null
        ? { file, tests: [], workflows: [workflow], failure: { code: "WORKFLOW_INVALID", message: `${checked.file} does not check.`, diagnostics: checked.diagnostics } }
        : await runTestFile({ folder, file, limitMs, env: io.env, clock: io.clock, signal: io.signal, print: (line) => io.terminal.note(escapeControls(line)) }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, work));
  return files.flatMap((file) => results.get(file) ?? []);
}
