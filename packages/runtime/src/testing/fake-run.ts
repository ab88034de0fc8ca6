import { type EngineResult, interpret } from "../engine/index.ts";
import type { Program } from "../program/index.ts";
import { bodyProgram, type CheckEffects } from "./compile-source.ts";
import { createFakePorts, type FakePorts, type FakeRunOptions, FakeWorld } from "./fake-ports.ts";
import type { FakeTool } from "./fake-tool.ts";

/** One run of a program over a fake world. */
export interface FakeRun {
  readonly result: EngineResult;
  readonly ports: FakePorts;
  readonly world: FakeWorld;
}

/** Drives a program to its end. Rejects as `interpret` does when the process dies. */
export async function runProgram(program: Program, world: FakeWorld, options: FakeRunOptions = {}): Promise<FakeRun> {
  const ports = createFakePorts(world, options);
  return { result: await interpret(program, ports.frame, ports), ports, world };
}

/** Compiles a body and runs it in a new world. */
export async function runBody(body: string, tools: { readonly [name: string]: FakeTool } = {}, options: FakeRunOptions & { readonly top?: string; readonly effects?: CheckEffects } = {}): Promise<FakeRun> {
  return runProgram(bodyProgram(body, options.top, options.effects), new FakeWorld(tools), options);
}

/** The writes that a run asked for: `tool` and how certain it was, in order. */
export function writesOf({ ports }: FakeRun): readonly string[] {
  return ports.requests.map(({ call, identity, certainty }) => `${call?.tool ?? (identity.kind === "record" ? identity.action : "?")}:${certainty}`);
}
