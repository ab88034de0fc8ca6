import type { CommandModule } from "./command-io.ts";

/** A command of the command line: what `--help` lists, and how to load it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order of a day with Offstage. Nothing is loaded before it is asked for. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: "init", summary: "make this folder a project; existing files stay as they are", load: () => import("./commands/init.ts") },
  { name: "login", summary: "log in to a server once, so that it can be used without you", load: () => import("./commands/login.ts") },
  { name: "logout", summary: "forget the login to a server", load: () => import("./commands/logout.ts") },
  { name: "doctor", summary: "the 3 a.m. check: would this run with nobody there?", load: () => import("./commands/doctor.ts") },
  { name: "servers", summary: "connect to every server and say how it is", load: () => import("./commands/servers.ts") },
  { name: "tools", summary: "search the tools of all servers", load: () => import("./commands/tools.ts") },
  { name: "call", summary: "call one tool once", load: () => import("./commands/call.ts") },
  { name: "read", summary: "list the resources of servers, or read one", load: () => import("./commands/read.ts") },
  { name: "prompt", summary: "list the prompts of servers, or get one", load: () => import("./commands/prompt.ts") },
  { name: "lock", summary: "pin the tools that the servers offer now", load: () => import("./commands/lock.ts") },
  { name: "profile", summary: "draft what a server does not say of itself: which calls write, how it pages", load: () => import("./commands/profile.ts") },
  { name: "check", summary: "check workflows, without running anything", load: () => import("./commands/check.ts") },
  { name: "test", summary: "run the tests of workflows, offline", load: () => import("./commands/test.ts") },
  { name: "record", summary: "keep what servers tell a run, as a fixture for tests", load: () => import("./commands/record.ts") },
  { name: "plan", summary: "show what a run would write, and write nothing", load: () => import("./commands/plan.ts") },
  { name: "apply", summary: "perform exactly what a plan showed", load: () => import("./commands/apply.ts") },
  { name: "run", summary: "run a workflow under the policy", load: () => import("./commands/run.ts") },
  { name: "sweep", summary: "run a workflow over everything, and release what does not occur any more", load: () => import("./commands/sweep.ts") },
  { name: "drift", summary: "show what is not as workflows want it, and touch nothing", load: () => import("./commands/drift.ts") },
  { name: "serve", summary: "start runs by schedules, webhooks, queues and resources, until it is told to stop", load: () => import("./commands/serve.ts") },
  { name: "pause", summary: "let no write begin: of a workflow, a server, or at all", load: () => import("./commands/pause.ts") },
  { name: "unpause", summary: "let writes begin again", load: () => import("./commands/unpause.ts") },
  { name: "runs", summary: "list runs, the newest first", load: () => import("./commands/runs.ts") },
  { name: "show", summary: "tell the story of one run", load: () => import("./commands/show.ts") },
  { name: "resume", summary: "go on with runs whose waiting is over", load: () => import("./commands/resume.ts") },
  { name: "cancel", summary: "end a run after the call that is under way, whoever drives it", load: () => import("./commands/cancel.ts") },
  { name: "resolve", summary: "say what happened to a write that could not be known", load: () => import("./commands/resolve.ts") },
  { name: "backup", summary: "copy the store into a file, while others go on using it", load: () => import("./commands/backup.ts") },
  { name: "prune", summary: "remove what is over for longer than it is kept", load: () => import("./commands/prune.ts") },
  { name: "migrate", summary: "move the store to another database", load: () => import("./commands/migrate.ts") },
  { name: "export", summary: "take a workflow away: as files that run without this project", load: () => import("./commands/export.ts") },
  { name: "mcp", summary: "serve a chat client: work workflows out in it, over MCP", load: () => import("./commands/mcp.ts") },
  { name: "adopt", summary: "put a chat's draft into the project", load: () => import("./commands/adopt.ts") },
  { name: "approve", summary: "permit a write that waits for a person", load: () => import("./commands/approve.ts") },
  { name: "deny", summary: "refuse a write that waits for a person", load: () => import("./commands/deny.ts") },
  { name: "answer", summary: "answer what a server asks in the middle of a call", load: () => import("./commands/answer.ts") },
];
