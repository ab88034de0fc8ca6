import { setImmediate } from "node:timers/promises";
import { OffstageError } from "../base/index.ts";

/** The steps of a run that have begun and not ended. */
export interface OpenSteps {
  begun(step: Promise<unknown>): void;
  /** Waits until there is none. Errors: `TYPE_ERROR` when there was one. */
  end(): Promise<void>;
}

/**
 * The checker refuses calls that nobody waits for. Should it miss one, nothing is written behind the run's end, when the store may be
 * another process's already.
 */
export function createOpenSteps(): OpenSteps {
  const open = new Set<Promise<unknown>>();
  return {
    begun(step) {
      open.add(step);
      const ended = (): void => void open.delete(step);
      step.then(ended, ended);
    },
    async end() {
      let found = false;
      while (open.size > 0) {
        found = true;
        await Promise.allSettled(open);
        // What goes on from there may begin the next one.
        await setImmediate();
      }
      if (found) throw new OffstageError("TYPE_ERROR", "The workflow did not wait for all that it began.", { hint: "Write `await` before each call." });
    },
  };
}
