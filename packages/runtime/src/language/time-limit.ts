/** Does the work, and stops it where it stands when it takes too long: then what it worked on must not be used again. */
export type TimeLimit = <T>(work: () => T) => { readonly ended: true; readonly value: T } | { readonly ended: false };

/** For where nothing can stop a running function from outside: a browser's worker is ended by whoever started it. */
const unlimited: TimeLimit = (work) => ({ ended: true, value: work() });

/**
 * A limit that a second thread watches over, because the type checker cannot be asked to look at a clock: it computes for
 * minutes between two places where it could. Node's `vm` is asked for, not imported: this room runs in a browser too.
 */
export function nodeTimeLimit(limitMs: number): TimeLimit {
  const vm = globalThis.process?.getBuiltinModule?.("node:vm");
  if (vm === undefined) return unlimited;
  const script = new vm.Script("work()");
  const context: { work?: () => void } = vm.createContext({});
  return <T>(work: () => T) => {
    let outcome: { readonly value: T } | { readonly thrown: unknown } | null = null;
    context.work = () => {
      try {
        outcome = { value: work() };
      } catch (thrown) {
        outcome = { thrown };
      }
    };
    try {
      script.runInContext(context, { timeout: limitMs, displayErrors: false });
    } catch (stopped) {
      if ((stopped as { readonly code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw stopped;
      return { ended: false };
    }
    return endOf(outcome);
  };
}

function endOf<T>(outcome: { readonly value: T } | { readonly thrown: unknown } | null): { readonly ended: true; readonly value: T } | { readonly ended: false } {
  if (outcome === null) return { ended: false };
  if ("thrown" in outcome) throw outcome.thrown;
  return { ended: true, value: outcome.value };
}
