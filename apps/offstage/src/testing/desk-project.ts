import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApprovalRequest, Plan, Run } from "offstage/model";
import { serverProgram } from "../../../../packages/runtime/src/testing/test-servers.ts";
import { type CommandEnd, createTestProject, type TestProject } from "./command-line.ts";

/** What the desk's server knows and how its next calls go wrong (`servers/desk.ts` of the library's tests). */
export interface DeskState {
  readonly requests: readonly { readonly id: string; readonly title: string }[];
  readonly tickets: readonly { readonly key: string; readonly label: string; readonly title: string }[];
  readonly said: readonly string[];
  readonly faults: readonly { readonly tool: string; readonly how: "lost" | "refused" | "die" | "garbled" | "never" | "turn" | "die-turned" }[];
  readonly edition: number;
  readonly descriptions?: Readonly<Record<string, string>>;
  readonly gone?: readonly string[];
  readonly instructions?: string;
  readonly hinted?: readonly string[];
}

/** A project over one real server with a memory. */
export interface DeskProject extends TestProject {
  /** A new store, nothing written, these requests. Lock, types and compiled workflows stay. */
  reset(state?: Partial<DeskState>): void;
  state(): DeskState;
  change(state: Partial<DeskState>): void;
  /** The writes that reached the server, as `tool {"args":…}`, in order. */
  writes(): readonly string[];
  /** A command with `--json`: how it ended, and its one document. */
  json(...argv: readonly string[]): Promise<CommandEnd & { readonly document: Envelope }>;
}

/** What `--json` prints, as tests look into it. */
export interface Envelope {
  readonly version: number;
  readonly command: string;
  readonly ok: boolean;
  /** Whatever the command answers with; a test looks only at what its command gives. Absent when it failed. */
  readonly result: Answer;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

interface Answer {
  readonly plan: Plan;
  readonly run: Run;
  readonly outputAssumes: readonly string[];
  readonly runs: readonly Run[];
  readonly requests: readonly ApprovalRequest[];
}

/** The beginning of a workflow file over the desk that keeps a `ticket` for every request. `more` are members of the record besides the usual ones. */
export const ticketRecord = (more = ""): string => `import { each, every, record, workflow } from "offstage";
import { desk } from "#servers";

interface Request { readonly id: string; readonly title: string }

const ticket = record("ticket", {
  identity: (request: Request) => request.id,
  find: async (request) => (await desk.find_tickets({ label: request.id })).tickets,
  create: (request) => desk.open_ticket({ label: request.id, title: request.title }),
  keep: (found) => ({ key: found.key }),
  read: (kept) => desk.get_ticket({ key: kept.key }),
  same: (actual, request) => actual.title === request.title,
  update: (kept, request) => desk.change_ticket({ key: kept.key, title: request.title }),
${more}});
`;

const TICKETS = `${ticketRecord()}
export default workflow({ name: "tickets", description: "A ticket for every request.", on: [every("1h")], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  const keys = await each(requests, { key: (request) => request.id, onError: "continue" }, async (request) => {
    const kept = await ticket.ensure(request);
    return kept.key;
  });
  return { keys };
});
`;

const ANNOUNCE = `import { each, every, once, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "announce", description: "Says every request, once.", on: [every("1h")], inputs: { greeting: "New" }, limits: { writes: 20 } }, async ({ inputs }) => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => {
    await once(\`say:\${request.id}\`, () => desk.say({ text: \`\${inputs.greeting}: \${request.title}\` }));
  });
  return requests.length;
});
`;

const PROFILE = `import { profile } from "offstage";
import { desk } from "#servers";

export default profile<typeof desk>("desk@1", {
  list_requests: [{ effect: "read" }],
  find_tickets: [{ effect: "read", consistent: true }],
  get_ticket: [{ effect: "read", gone: (r) => r.isError && r.text.startsWith("There is no ticket") }],
  open_ticket: [{ effect: "write", undo: "none", refused: (r) => r.text.startsWith("Refused:"), affects: ["find_tickets"] }],
  change_ticket: [{ effect: "write", refused: (r) => r.text.startsWith("Refused:"), affects: ["get_ticket"] }],
  say: [{ effect: "write", result: (r) => ({ ok: r.data.ok === true }) }],
});
`;

/** What the project's `offstage.yaml` says; a test may write another one. */
export const SETTINGS = "servers: { desk: { timeout: 1s } }\n";
const REQUESTS = [{ id: "r1", title: "Printer is on fire" }, { id: "r2", title: 'Quote " and \\ and ${x} \u001b[2J' }];

/** Makes the project and locks its server. Remove it in the end. */
export async function createDeskProject(): Promise<DeskProject> {
  const project = createTestProject({ "offstage.yaml": SETTINGS, "workflows/tickets.ts": TICKETS, "workflows/announce.ts": ANNOUNCE, "profiles/desk.ts": PROFILE });
  const file = join(project.folder, "desk.json");
  project.write("mcp.json", JSON.stringify({ mcpServers: { desk: { command: process.execPath, args: serverProgram("desk", file), env: { DESK_SITE: "desk.example" } } } }));
  const put = (state: DeskState): void => {
    // A server may read it meanwhile.
    writeFileSync(`${file}.next`, JSON.stringify(state));
    renameSync(`${file}.next`, file);
  };
  const desk: DeskProject = {
    ...project,
    reset(state = {}) {
      for (const suffix of ["", "-wal", "-shm", ".mark", ".moved"]) rmSync(join(project.folder, `.offstage/store.db${suffix}`), { force: true });
      rmSync(`${file}.calls`, { force: true });
      put({ requests: REQUESTS, tickets: [], said: [], faults: [], edition: 1, ...state });
    },
    state: () => JSON.parse(readFileSync(file, "utf8")) as DeskState,
    change: (state) => put({ ...desk.state(), ...state }),
    writes: () => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, "utf8").trim().split("\n").filter((line) => /^(open|change|say)/.test(line)) : []),
    async json(...argv) {
      const end = await project.run(...argv, "--json");
      return { ...end, document: JSON.parse(end.out) as Envelope };
    },
  };
  desk.reset();
  const locked = await project.run("lock");
  if (locked.code !== 0) throw new Error(`offstage lock failed: ${locked.err}`);
  return desk;
}
