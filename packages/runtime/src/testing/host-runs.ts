import type { RunHandle, RunHost } from "../host/index.ts";
import type { Program } from "../program/index.ts";
import { bodyProgram } from "./compile-source.ts";
import type { HostWorld } from "./host-world.ts";

/** The event of a run that somebody starts by hand. */
export const CALL = { kind: "call" } as const;
/** Makes one write. */
export const SEND = bodyProgram('await once("k", () => world.send({ text: inputs.any })); return "sent";');
/** Makes one read. */
export const READ = bodyProgram("return await world.get({});");

/** Starts a run by hand; each a millisecond after the last one, so that there is an oldest. */
export async function startIn(world: Pick<HostWorld, "clock">, host: RunHost, program: Program, any = ""): Promise<RunHandle> {
  await world.clock.advance(1);
  return host.start({ program, inputs: { any }, event: CALL });
}
