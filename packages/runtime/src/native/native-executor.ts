import { type EngineResult, interpret, type NativeCode, type NativeSteps, type Ports, type RunFrame, runNatively } from "../engine/index.ts";
import type { Program } from "../program/index.ts";
import { createCrossing, type ModuleFunction } from "./crossing.ts";
import { instrument } from "./instrument.ts";
import { type ImportModule, loadModule } from "./load-module.ts";
import { createPlaces } from "./places.ts";
import { engineError } from "./thrown.ts";
import { createVocabulary } from "./vocabulary.ts";

/** What {@link createNativeExecutor} needs. */
export interface NativeExecutorOptions {
  /** The workflow that Node executes: others, which the process happens to drive, are interpreted. Without it, all. */
  readonly workflow?: string;
  /** `import()`, unless something stands before Node's own loader. */
  readonly importModule?: ImportModule;
}

/** Executes a program over the ports of its run; fits the host's executor. */
export type NativeExecutor = (program: Program, frame: RunFrame, ports: Ports) => Promise<EngineResult>;

/**
 * Runs workflows as they stand: the text that a Program carries is executed by Node, over the same journal, ledger and gate,
 * under the same step keys as the interpreter's, so that either can go on where the other was stopped. What is not a run
 * (plans and applies hold values that are not known), and a program of an earlier version, is interpreted.
 */
export function createNativeExecutor({ workflow, importModule = (url) => import(url) as ReturnType<ImportModule> }: NativeExecutorOptions = {}): NativeExecutor {
  return (program, frame, ports) => {
    const isMine = workflow === undefined || program.name === workflow;
    if (!isMine || frame.phase !== "run" || program.debug.marks === undefined) return interpret(program, frame, ports);
    return runNatively(program, frame, ports, (steps) => loadCode(program, steps, importModule));
  };
}

async function loadCode(program: Program, steps: NativeSteps, importModule: ImportModule): Promise<NativeCode> {
  const crossing = createCrossing(steps);
  const vocabulary = createVocabulary(crossing, createPlaces(crossing));
  try {
    const workflow = (await loadModule(instrument(program), { file: program.debug.file, values: { offstage: vocabulary.name, "#servers": vocabulary.server }, called: vocabulary.own, importModule })) as { readonly body: ModuleFunction };
    return { body: crossing.body(workflow.body), record: vocabulary.record };
  } catch (thrown) {
    throw engineError(thrown);
  }
}
