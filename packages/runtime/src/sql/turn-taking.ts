/** Runs tasks one after the other, in the order in which they came; a task that fails does not keep the next from running. */
export type TurnTaking = <T>(task: () => Promise<T>) => Promise<T>;

/** One queue of turns. */
export function createTurnTaking(): TurnTaking {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.then(nothing, nothing);
    return turn;
  };
}

function nothing(): void {}
