import { afterAll, afterEach, beforeEach } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../../../packages/runtime/src/testing/auth-world.ts";
import { browse } from "../../../../packages/runtime/src/testing/oauth-server.ts";
import { runCommandLine } from "../main.ts";
import { type CommandEnd, createTestProject, type TestProject } from "./command-line.ts";

interface Running {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A project over one server that asks for tokens, the ledger, and a real authorization server. */
export interface LedgerProject {
  readonly world: AuthWorld;
  /** That of the test that runs. */
  readonly project: TestProject;
  /** How the ledger gets its tokens, as `auth:` says it. */
  settings(auth: string): void;
  /** A command in this process; `met` gets each URL that it shows. */
  run(argv: readonly string[], met?: (url: URL) => void, running?: Running): Promise<CommandEnd>;
}

/** Makes one for a file of tests: each begins with these files more, a login to be made, and a server that has not been asked. */
export async function createLedgerProject(files: Readonly<Record<string, string>> = {}): Promise<LedgerProject> {
  const world = await createAuthWorld();
  let project: TestProject;
  const settings = (auth: string): void => {
    project.write("key", "a key that has thirty-two characters");
    project.write("offstage.yaml", `servers: { ledger: { auth: { ${auth} } } }\ntokens: { key: "\${file:key}" }\n`);
  };
  beforeEach(() => {
    project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { ledger: { url: world.mcp.url } } }), ...files });
    settings("kind: login, clientId: desk");
  });
  afterEach(() => {
    world.reset();
    project.remove();
  });
  afterAll(() => world.close());
  return {
    world, settings,
    get project() {
      return project;
    },
    async run(argv, met = () => undefined, { env = {}, signal = new AbortController().signal } = {}) {
      const texts = { out: "", err: "" };
      const code = await runCommandLine(argv, {
        stdout: { write: (text) => (texts.out += text) },
        stderr: {
          write(text) {
            texts.err += text;
            const shown = /^http\S+$/m.exec(text)?.[0];
            if (shown !== undefined) met(new URL(shown));
          },
        },
        env: { PATH: process.env["PATH"], ...env }, cwd: project.folder, signal,
      });
      return { code, ...texts };
    },
  };
}

/** What a person does with the URL of a login: looks at it, agrees, and is sent back. */
export function visit(url: URL): void {
  void browse(url).then((back) => fetch(back));
}
