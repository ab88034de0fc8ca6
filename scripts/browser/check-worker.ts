// Runs in a browser's worker, bundled by `main.ts`: the checker over texts that it is given, as a web studio will use it.
import { type ApiFile, createCompiler, type WorkflowSource } from "offstage/language";

/** The first message: what a checker in a browser has to be given, as it has no file system. */
export interface CheckerFiles {
  readonly apiFiles: readonly ApiFile[];
  readonly libraries: readonly ApiFile[];
}

/** The answer to every other message. */
export interface CheckerAnswer {
  /** The program and the diagnostics, as JSON. */
  readonly compiled: string;
  readonly ms: number;
}

const worker = globalThis as unknown as { postMessage(answer: CheckerAnswer): void; onmessage: (message: { readonly data: CheckerFiles | WorkflowSource }) => void };
let files: CheckerFiles | null = null;
let compiler: ReturnType<typeof createCompiler> | null = null;

worker.onmessage = ({ data }) => {
  if ("libraries" in data) {
    files = data;
    return;
  }
  const began = performance.now();
  compiler ??= createCompiler(files ?? {});
  const compiled = JSON.stringify(compiler.compileWorkflow(data));
  worker.postMessage({ compiled, ms: performance.now() - began });
};
