import { createNativeExecutor } from "../native/index.ts";
import type { Program } from "../program/index.ts";
import { createFakePorts, type FakeRunOptions, type FakeWorld } from "./fake-ports.ts";
import type { FakeRun } from "./fake-run.ts";
import { nativeImport } from "./native-import.ts";

const execute = createNativeExecutor({ importModule: nativeImport });

/** Drives a program to its end as `runProgram` does, executed by Node. */
export async function runNative(program: Program, world: FakeWorld, options: FakeRunOptions = {}): Promise<FakeRun> {
  const ports = createFakePorts(world, options);
  return { result: await execute(program, ports.frame, ports), ports, world };
}
