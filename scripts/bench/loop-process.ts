import type { Session } from "offstage/calls";
import { type BenchPrograms, openBenchHost } from "./bench-host.ts";
import { timeMs } from "./figures.ts";

/** What the parent sends: a short and a long loop, and how many short ones make a long one. */
interface LoopOrder {
  readonly programs: BenchPrograms;
  readonly file: string;
  readonly turns: number;
}

/** What it gets back: milliseconds of so many short loops and of one long loop, by round. */
export interface LoopTimes {
  readonly small: readonly number[];
  readonly large: readonly number[];
  readonly peakMiB: number;
}

const ROUNDS = 5;

/** A server that answers at once and in this process: what is measured is ours alone. */
const instant: Session = { call: () => Promise.resolve({ kind: "result", isError: false, structured: undefined, content: [{ type: "text", text: "1" }] }), offer: () => Promise.resolve({ kind: "result", result: null }) };

process.once("message", (order) => void measure(order as LoopOrder).then((times) => process.send?.(times)));

async function measure({ programs: { profile, programs }, file, turns }: LoopOrder): Promise<LoopTimes> {
  const host = await openBenchHost(file, () => Promise.resolve(instant), profile);
  const [shorter, longer] = programs;
  if (shorter === undefined || longer === undefined) throw new Error("two programs are needed");
  const times = { small: [] as number[], large: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const small = await timeMs(async () => {
      for (let turn = 0; turn < turns; turn++) await host.run(shorter);
    });
    const large = await timeMs(() => host.run(longer));
    if (round < 0) continue;
    times.small.push(small);
    times.large.push(large);
  }
  await host.close();
  return { ...times, peakMiB: process.resourceUsage().maxRSS / 1024 };
}
