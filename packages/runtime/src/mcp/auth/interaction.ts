/** One way to have a person log in: where the authorization server sends them back to, and how they are asked. */
export interface Interaction {
  /** Where the browser is sent in the end: a loopback address. */
  readonly redirectUrl: string;
  /** Shows the URL, and resolves with the query of the URL that the browser was sent back to. Nothing in it was checked. Errors: `LOGIN_NEEDED` when nobody logged in. */
  authorize(url: URL, state: string): Promise<URLSearchParams>;
  close(): Promise<void>;
}

/** Opens one, when it is needed. */
export type OpenInteraction = () => Promise<Interaction>;
