/** The first group of the pattern (the whole match without groups). A text without a match is an error that shows the text. */
export declare function capture(text: string, pattern: RegExp): string;

/** The named groups of every match; `count` checks how many there are. */
export declare function captures(text: string, pattern: RegExp, options?: { readonly count?: number }): readonly Readonly<Record<string, string>>[];

/** The lines of a text, without their ends. */
export declare function lines(text: string): readonly string[];

/** Rows of comma-separated values (RFC 4180) as objects named by the header line. */
export declare function parseCsv(text: string, options?: { readonly separator?: string }): readonly Readonly<Record<string, string>>[];

/** The type of {@link quote}. */
export interface Quote {
  /** A JQL string literal, quotes included. */
  jql(text: string): string;
  markdown(text: string): string;
  slack(text: string): string;
  html(text: string): string;
  /** One component of a URL. */
  url(text: string): string;
  /** A GraphQL string literal, quotes included. */
  graphql(text: string): string;
  /** An SQL string literal, quotes included. */
  sql(text: string): string;
}

/** Makes a value safe inside another language's text: `jql: \`labels = ${quote.jql(label)}\``. */
export declare const quote: Quote;

/** SHA-256 (hex) of a value's canonical JSON: equal values, equal hash. */
export declare function hash(value: unknown): string;

/** Ends the run, or the item of an `each`, with an error that says this. Fits where a value is missing: `x ?? fail("no x")`. */
export declare function fail(message: string): never;

/** A line in the run's story. */
export declare function log(...parts: readonly unknown[]): void;

/** What `catch` gets: `catch (error) { log((error as StepError).message); }`. */
export interface StepError {
  readonly code: string;
  readonly message: string;
}
