/** A broker for tests, as those see it who send and who look after it. `queue` is its name there. */
export interface TestBroker {
  /** What `queues:` says of it; `password` as it is to be written there. */
  entry(queue: string, password: string): string;
  readonly password: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Rejects when it is not sure that the message is there. */
  send(queue: string, text: string): Promise<void>;
  /** How many messages a queue was ever given: one that was sent again counts twice. */
  given(queue: string): Promise<number>;
  aside(queue: string): Promise<readonly { readonly text: string; readonly why: string }[]>;
  /** Ends it, and removes its files. */
  close(): Promise<void>;
}
