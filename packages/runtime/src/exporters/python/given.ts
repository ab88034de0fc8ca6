/** What is known of what a callback is given. */
export interface Given {
  /** What it may be called. */
  readonly name: string | null;
  /** It is a list of two values, made by the language itself. */
  readonly isPair: boolean;
  /** Python gives it as a tuple of its own: nobody sees more of it than its parts. */
  readonly isTuple?: true;
  /** It is one of those that are sorted by what is said of it. */
  readonly isKeyed?: true;
}
