import type { Metrics } from "./metrics.ts";

/** Begins to count. What counts is loaded only here: who is not looked at pays nothing for it. */
export async function startMetrics(options: { readonly version: string }): Promise<Metrics> {
  const { openMetrics } = await import("./open-metrics.ts");
  return openMetrics(options);
}
