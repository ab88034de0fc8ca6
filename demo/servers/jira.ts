import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { openJiraDatabase } from "./jira/database.ts";
import type { JiraDatabase } from "./jira/database.ts";
import { createFaults } from "./jira/faults.ts";
import type { Faults, Meeting } from "./jira/faults.ts";
import type { JiraComment, JiraIssue, JiraRequest } from "./jira/issue.ts";
import { errorBody } from "./jira/responses.ts";
import { API_PATH, jiraRoutes } from "./jira/routes.ts";
import { SITE } from "./jira/site.ts";

/** What `startJira` needs; only the file has no default. */
export interface JiraOptions {
  /** The SQLite file; made when it does not exist, gone on with when it does. */
  readonly file: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** How long the search index lags behind a write, in milliseconds; 1500 when not given. */
  readonly lagMs?: number;
  /** Epoch milliseconds; tests pass a clock of their own. */
  readonly now?: () => number;
}

/** A running Jira: its address and credentials, and what a test or the demo sees of it from behind. */
export interface JiraEmulator {
  readonly url: string;
  readonly email: string;
  readonly token: string;
  /** Every issue in the database, oldest first; not through the index. */
  readonly issues: () => readonly JiraIssue[];
  readonly comments: (key: string) => readonly JiraComment[];
  /** Deletes an issue behind everybody's back; it stays in the search until the lag has passed. */
  readonly deleteIssue: (key: string) => void;
  /** Changes a summary behind everybody's back. */
  readonly retitleIssue: (key: string, summary: string) => void;
  /** Every request that arrived, `POST /issue` for instance, in order; with a filter, only those. */
  readonly requests: (filter?: { readonly method?: string; readonly path?: string }) => readonly JiraRequest[];
  readonly faults: Faults;
  /** Changes how long later writes stay hidden from the search. */
  readonly setLagMs: (lagMs: number) => void;
  readonly lagMs: () => number;
  readonly close: () => Promise<void>;
}

const TOKEN = "demo-jira-token-not-a-secret";

/** Starts the emulated Jira on 127.0.0.1. Rejects when the port is taken or the file cannot be opened. */
export async function startJira(options: JiraOptions): Promise<JiraEmulator> {
  let lagMs = options.lagMs ?? 1500;
  const db = openJiraDatabase({ file: options.file, now: options.now ?? Date.now, lagMs: () => lagMs });
  const faults = createFaults();
  const stopping = new AbortController();
  let url = "";
  const routes = jiraRoutes(db, () => url + API_PATH);
  const answer = (request: Request, env: HttpBindings): Promise<Response> => {
    const path = new URL(request.url).pathname.replace(API_PATH, "");
    db.logRequest(request.method, path);
    if (!isAuthentic(request.headers.get("authorization"))) {
      return Promise.resolve(new Response("Client must be authenticated to access this resource.", { status: 401 }));
    }
    const carryOut = async (): Promise<Response> => routes.fetch(request, env);
    return meet(faults.take(request.method, path), carryOut, env.incoming.socket, stopping.signal);
  };
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings));
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  try {
    server.listen(options.port ?? 0, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    db.close();
    throw error;
  }
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...viewOf(db),
    url,
    email: SITE.account.emailAddress,
    token: TOKEN,
    faults,
    setLagMs: (ms) => void (lagMs = ms),
    lagMs: () => lagMs,
    close: async () => {
      stopping.abort();
      faults.clear();
      await closeServer(server);
      db.close();
    },
  };
}

function viewOf(db: JiraDatabase): Pick<JiraEmulator, "issues" | "comments" | "deleteIssue" | "retitleIssue" | "requests"> {
  const need = (key: string): JiraIssue => {
    const issue = db.get(key);
    if (issue === undefined) throw new Error(`The Jira emulator has no issue ${key}.`);
    return issue;
  };
  return {
    issues: () => db.all(),
    comments: (key) => db.comments(need(key)),
    deleteIssue: (key) => db.delete(need(key)),
    retitleIssue: (key, summary) => void db.update(need(key), { summary }),
    requests: ({ method, path } = {}) => db.requests().filter((one) => (method === undefined || one.method === method) && (path === undefined || one.path === path)),
  };
}

/** Carries a request out, or does to it what a fault says. */
async function meet(fault: Meeting | null, carryOut: () => Promise<Response>, socket: Socket, stopping: AbortSignal): Promise<Response> {
  if (fault === null) return carryOut();
  const done = "when" in fault && fault.when === "before" ? null : await carryOut();
  switch (fault.kind) {
    case "drop":
      return drop(socket);
    case "status":
      return Response.json(errorBody(["Internal server error"]), { status: fault.status });
    case "broken-body": {
      const body = (await done?.text()) ?? "";
      return new Response(body.slice(0, Math.floor(body.length / 2)), { status: done?.status ?? 500, headers: { "content-type": "application/json" } });
    }
    case "delay":
      // Closing the emulator ends the wait; the answer then has nobody to go to.
      await sleep(fault.delayMs, undefined, { signal: stopping }).catch(() => undefined);
      return done ?? carryOut();
    case "hold":
      if ((await fault.wait()) === "drop") return drop(socket);
      // A client that is gone takes its request with it, unless the request was already carried out.
      return done ?? (socket.destroyed ? drop(socket) : carryOut());
  }
}

function drop(socket: Socket): Response {
  socket.destroy();
  return new Response(null, { headers: { "x-hono-already-sent": "true" } });
}

function isAuthentic(header: string | null): boolean {
  return header === `Basic ${Buffer.from(`${SITE.account.emailAddress}:${TOKEN}`).toString("base64")}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
