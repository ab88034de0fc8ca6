import type { Tally } from "../../state/index.ts";
import type { Observe } from "../observed.ts";

/** The metrics of this process. */
export interface Metrics {
  readonly observe: Observe;
  /** In Prometheus' text format, with what stands at this moment. Rejects when that cannot be had. */
  text(standing: () => Promise<Standing>): Promise<{ readonly type: string; readonly body: string }>;
}

/** What is not counted as it happens, but looked at when somebody asks. */
export interface Standing {
  readonly tally: Tally;
  readonly circuits: ReadonlyMap<string, "closed" | "open" | "trial">;
}
