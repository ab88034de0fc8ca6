import type { ServerAuth } from "./auth/server-auth.ts";
import type { ServerSandbox } from "./sandbox/server-sandbox.ts";

/** One server of the project, with every secret already resolved: nothing below knows of references. */
export type ServerConfig = StdioServerConfig | HttpServerConfig;

/** A server that we start ourselves and speak to over its standard input and output. */
export interface StdioServerConfig extends Spoken {
  readonly name: string;
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  /** Everything the server gets besides PATH, HOME and LANG. */
  readonly env: { readonly [name: string]: string };
  /** Asked at each start in the place of `env`, where secrets may have been rotated since. */
  readonly envNow?: () => { readonly [name: string]: string };
  /** The folder it runs in; ours when absent. */
  readonly cwd?: string;
  /** What it may touch; everything that we may, when absent. */
  readonly sandbox?: ServerSandbox;
}

/** A server that runs elsewhere. */
export interface HttpServerConfig extends Spoken {
  readonly name: string;
  readonly kind: "http";
  readonly url: string;
  /** Sent with every request to it. */
  readonly headers: { readonly [name: string]: string };
  /** Asked for each request in the place of `headers`, where secrets may have been rotated since. */
  readonly headersNow?: () => { readonly [name: string]: string };
  /** Where its tokens come from. Absent: from a login, should it ask for one and `headers` have no `Authorization`. */
  readonly auth?: ServerAuth;
  /** Over the older HTTP with one event stream, without trying the newer way first. */
  readonly transport?: "sse";
}

/** What is known of how a server speaks. */
interface Spoken {
  /** As it was locked. A legacy server is not asked anything that it may not know; absent, it is asked which of both it speaks. */
  readonly era?: "legacy" | "modern";
}
