/** Where a server comes from, exactly. `room`: what is installed together; servers that want different versions of one library have different ones. */
export type Origin =
  | { readonly kind: "npm"; readonly package: string; readonly version: string; readonly room: string }
  | { readonly kind: "pypi"; readonly package: string; readonly version: string; readonly room: string; /** What its own requirements leave open and should not. */ readonly also: readonly string[] }
  | { readonly kind: "go"; readonly package: string; readonly version: string };

/** What is there for servers to speak to and to look at, on this machine. */
export interface Surroundings {
  /** The project's folder, with `notes/hello.txt` in it; a git repository with one commit. */
  readonly folder: string;
  /** An address that answers as some services do: `/gitlab/…`, `/notion/…` (services.ts). */
  readonly services: string;
  readonly github: { readonly url: string; readonly token: string; readonly owner: string; readonly repo: string };
  readonly jira: { readonly url: string; readonly token: string; readonly email: string };
  /** The address of an empty database, with its password. */
  readonly postgres: string;
  /** Slack: its API is below `/api`. */
  readonly slack: { readonly url: string; readonly token: string; readonly channel: string };
  /** A free port for a server over HTTP. */
  readonly port: number;
}

/** How a server is run, as an entry of `mcp.json` says it. */
export interface Launch {
  /** After the program itself. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Sends what it fetches from there elsewhere: for servers whose service cannot be configured. */
  readonly redirect?: { readonly from: string; readonly to: string };
}

/** One call and what has to come of it: a value, or an error whose message says what is missing. */
export interface Ask {
  readonly tool: string;
  readonly args: (around: Surroundings) => object;
  readonly answers?: RegExp;
  readonly fails?: RegExp;
}

/** One server that people use. */
export interface RealServer {
  /** As in `mcp.json`; a workflow imports it by this name. */
  readonly name: string;
  readonly from: Origin;
  /** npm: the script in the package. PyPI and Go: the program's name. */
  readonly entry: string;
  readonly launch?: (around: Surroundings) => Launch;
  /** Over HTTP: it is started first, on `port`, and `mcp.json` has this address. */
  readonly url?: (around: Surroundings) => string;
  readonly headers?: (around: Surroundings) => Readonly<Record<string, string>>;
  /** It does not start without an account; what `offstage lock` has to say then. */
  readonly startFails?: RegExp;
  readonly asks: readonly Ask[];
}
