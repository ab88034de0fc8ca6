import type { RunTracer, TracerOptions } from "./run-tracer.ts";

/** Begins to trace. What traces is loaded only here. */
export async function startTracer(options: TracerOptions): Promise<RunTracer> {
  const { openTracer } = await import("./open-tracer.ts");
  return openTracer(options);
}
