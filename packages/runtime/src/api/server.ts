import type { Json } from "./json.ts";

/** How {@link Tool.pages} reads. */
export interface PagesOptions<Item> {
  /** The most pages to read. Needed when the server's profile names none; reaching it is the error `PAGES_TRUNCATED`. */
  readonly max?: number;
  /** Stops reading, without an error, at the first item for which it holds; that item is part of the result. */
  readonly until?: (item: Item) => boolean;
  /** `"allow"`: take what there is when `max` is reached, or when the tool cannot give the rest. */
  readonly truncate?: "allow";
}

/**
 * One tool of an MCP server, as the generated `#servers` declares it. A tool that takes several shapes of arguments is an
 * intersection of these, the most general last.
 */
export interface Tool<Args, Result, Item = never> {
  /** One call. A result is read-only data. */
  (args: Args): Promise<Result>;
  /** All pages of a listing tool, as one list; the server's profile knows how it pages. */
  pages(args: Args, options?: PagesOptions<Item>): Promise<readonly Item[]>;
}

/** An MCP prompt as its server fills it in. */
export interface Prompt {
  /** All its texts, each beginning on a new line. */
  readonly text: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: Json }[];
}

/** What every MCP server has besides its tools. */
export interface ServerBase {
  /**
   * Reads an MCP resource: its JSON when it is one text that is JSON, else `{ text, content }`. Say what is expected with
   * `as`: `(await github.read(uri)) as { text: string }`.
   */
  read(uri: string): Promise<Json>;
  /** Fetches an MCP prompt: what a server would have a model read. It is never sent to one by itself. */
  prompt(name: string, args?: Readonly<Record<string, string>>): Promise<Prompt>;
}
