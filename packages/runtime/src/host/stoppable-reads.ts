import type { OffstageError } from "../base/index.ts";
import type { Models, OwnCode, Reads } from "../engine/index.ts";
import { firstStop, type Stop } from "./stops.ts";

/**
 * Reads, questions to models and calls of the owner's own code, that a run which is to stop does not wait for: they reject at once, and whatever the server still says is dropped. Writes are never left like this; they
 * settle.
 */
export function stoppableReads(reads: Reads & Models & OwnCode, stops: readonly Stop[]): Reads & Models & OwnCode {
  // One listener for all: a run may have many reads under way.
  const waiting = new Set<(error: OffstageError) => void>();
  const stop = ({ error }: Stop): void => {
    for (const reject of waiting) reject(error());
  };
  for (const one of stops) one.signal.addEventListener("abort", () => stop(one), { once: true });
  const unlessStopped = <T>(ask: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const stopped = firstStop(stops);
      if (stopped !== undefined) return reject(stopped.error());
      waiting.add(reject);
      ask().then(resolve, reject).finally(() => waiting.delete(reject));
    });
  return { read: (call) => unlessStopped(() => reads.read(call)), readOffer: (call) => unlessStopped(() => reads.readOffer(call)), ask: (question) => unlessStopped(() => reads.ask(question)), call: (call) => unlessStopped(() => reads.call(call)) };
}
