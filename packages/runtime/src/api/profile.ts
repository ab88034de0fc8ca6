import type { Duration } from "./time.ts";

type ArgsOf<ToolType> = ToolType extends { (args: infer Args): Promise<any> } ? Args : any;

/** What a server answered to one call: `text` is its text, or the message of a thrown error. */
export interface RawResult {
  readonly text: string;
  readonly data: any;
  readonly isError: boolean;
}

/** How a tool pages: by page number, offset or cursor; `"none"` is one page, of which `more` tells whether it was all. */
export interface PagingRule {
  readonly by: "none" | "page" | "offset" | "cursor";
  /** The argument that moves. */
  readonly param?: string;
  /** The argument that sets the size of a page, and the size to ask for. */
  readonly size?: readonly [param: string, size: number];
  /** Result → items; without it the result is the list. */
  readonly items?: (result: any) => readonly unknown[];
  /** Result → next cursor, or null; by page and offset anything but null says that another page follows. */
  readonly next?: (result: any) => string | null;
  /** Result → whether there is more that the tool cannot give on any page. Whether another page follows is what `next` says. */
  readonly more?: (result: any) => boolean;
  /** The most pages when the call does not say. */
  readonly max?: number;
}

/** What a profile says of the calls for which `when` holds (of all calls, without it). */
export interface Rule<Args> {
  readonly when?: (args: Args) => boolean;
  /** `prepare` changes nothing that others see, and is called while planning. */
  readonly effect?: "read" | "prepare" | "write";
  /** What the answer means; its type becomes the tool's. */
  readonly result?: (result: RawResult, args: Args) => unknown;
  /** A success that is a failure. It proves that nothing happened; in a rule that says `refused` too, only if that holds for it. */
  readonly failed?: (result: RawResult) => boolean;
  /** An error that proves that nothing happened. */
  readonly refused?: (result: RawResult) => boolean;
  /** The target does not exist. */
  readonly gone?: (result: RawResult) => boolean;
  /** Repeating the call with the same arguments does nothing more. */
  readonly idempotent?: boolean | ((args: Args) => boolean);
  /** A read that sees every write at once. */
  readonly consistent?: boolean;
  /** A read that sees every write after so long. */
  readonly lag?: Duration;
  readonly pages?: PagingRule | "none";
  readonly rate?: { readonly perSecond?: number; readonly concurrent?: number };
  /** `"none"`: cannot be undone. Anything else says how. */
  readonly undo?: string;
  /** The account or site that the server speaks to. */
  readonly target?: (args: Args) => string;
  /** Result paths (`a.b`, `items[].token`) that are never stored. */
  readonly sensitive?: readonly string[];
  /** Tools of this server whose answers a write makes stale. */
  readonly affects?: readonly string[];
  /** Better names for generated types: `{ ListPullRequestsItem: "PullRequest" }`. */
  readonly names?: Readonly<Record<string, string>>;
}

/** A declared profile. */
export interface Profile {
  readonly package: string;
}

/** What a profile says of its server as a whole. */
export interface ProfileOptions {
  /** The hosts that the server speaks to, whatever its settings: in a sandbox it reaches these. `"api.example.com"`, `"*.example.com"`, `"api.example.com:443"`. */
  readonly hosts?: readonly string[];
}

/** The rules of a profile: for each tool a list, the first whose `when` holds decides; `"*"` fills what they leave out. */
export type ProfileRules<Server> = 0 extends 1 & Server
  ? { readonly [tool: string]: readonly Rule<any>[] | Rule<any> }
  : { readonly [Name in keyof Server | "*"]?: Name extends keyof Server ? readonly Rule<ArgsOf<Server[Name]>>[] | Inherited<Name> : Rule<any> };

/** A server may have a tool called `toString`, of which a profile says nothing: what every object has under that name is no rule. */
type Inherited<Name> = Name extends keyof ObjectConstructor["prototype"] ? ObjectConstructor["prototype"][Name] : never;

/**
 * Says of a server what MCP does not: which calls write, how it pages, what its texts mean. The one default export of a
 * module in `profiles/`. `target` is the package and version it is about, `"@nexus2520/jira-mcp-server@1"`.
 */
export declare function profile<Server = any>(target: string, rules: ProfileRules<NoInfer<Server>>, options?: ProfileOptions): Profile;
