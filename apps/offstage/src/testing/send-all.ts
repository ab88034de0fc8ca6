/** What is under way: how much of it was accepted, and the end of all. */
export interface Sending {
  sent(): number;
  readonly done: Promise<void>;
}

/** Sends each item once, in order, `senders` of them at a time; `send` comes back when it is accepted. */
export function sendAll<T>(items: readonly T[], senders: number, send: (item: T) => Promise<void>): Sending {
  const rest = items.values();
  let sent = 0;
  const sender = async (): Promise<void> => {
    // They share the iterator: what one takes, no other one sees.
    for (const item of rest) {
      await send(item);
      sent += 1;
    }
  };
  return { sent: () => sent, done: Promise.all(Array.from({ length: senders }, sender)).then(() => undefined) };
}
