/**
 * `wake.mjs`, as it is printed: starts `serve`, hands it a request where there is one, and stops it when nothing is left to do. What is due is decided by `serve`, from its
 * store, so a schedule that wakes too often or twice starts nothing twice.
 */
export const WAKE_SCRIPT = `// Wakes the worker for as long as there is something to do. \`serve\` knows from its store what is due: schedules, what waits, what is to be tried
// again. So nothing is started twice, however often this is called.
import { spawn } from "node:child_process";
import { cpSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { createInterface } from "node:readline";

/** Nothing happened for so long: it is done. One that another process is ahead of waits for its turn first. */
const QUIET_MS = 2_000;
const TURN_MS = 20_000;
/** What serve takes for its runs and servers when it is told to stop. */
const STOP_MS = 40_000;
const PORT = 8400;

/** The project, where something may be written beside it: functions can write below /tmp alone. */
export function prepare(source, folder = "/tmp/app") {
  if (existsSync(folder)) return folder;
  cpSync(source, folder, { recursive: true, filter: (path) => !/\\/(?:node_modules|vendor)$/.test(path) });
  symlinkSync(join(source, "node_modules"), join(folder, "node_modules"));
  cpSync(join(source, "offstage.function.yaml"), join(folder, "offstage.yaml"));
  return folder;
}

let turn = Promise.resolve();

/** One after the other: they would want the same port. */
export function wake(options) {
  const mine = turn.then(() => serveUntilDone(options));
  turn = mine.catch(() => undefined);
  return mine;
}

/** Resolves to the answer to the request, null where there is none. \`until\`: milliseconds since the epoch, when it has to be over. */
async function serveUntilDone({ command, folder, until, request = null }) {
  const child = spawn(command[0], command.slice(1), { cwd: folder, stdio: ["ignore", "inherit", "pipe"], env: { ...env, HOME: "/tmp" } });
  const work = { open: false, leads: false, running: new Set(), waiting: new Set(), at: Date.now(), last: "" };
  createInterface({ input: child.stderr }).on("line", (line) => {
    console.error(line);
    note(work, line);
  });
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  let code;
  ended.then((value) => (code = value), () => (code = "not started"));
  let answer = null;
  let asked = request === null;
  let stopped = false;
  let end;
  try {
    while (code === undefined && Date.now() < until - STOP_MS) {
      if (work.open && !asked) {
        asked = true;
        answer = await hand(request);
        work.at = Date.now();
      }
      const quiet = Date.now() - work.at;
      const patience = work.leads || request !== null ? QUIET_MS : TURN_MS;
      if (work.open && asked && work.running.size + work.waiting.size === 0 && quiet > patience) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    // Also where nobody answered: what goes on comes to its rest.
    stopped = code === undefined;
    if (stopped) child.kill("SIGTERM");
    end = await ended;
  }
  // Who sent something tries again; what was answered was kept. What the clock woke fails, so that somebody hears of it.
  if ((!stopped || end !== 0) && request === null) throw new Error(\`serve ended with \${end}: \${work.last}\`);
  return answer;
}

/** Follows the log of serve: which runs go on, and which events wait for one. */
function note(work, line) {
  work.at = Date.now();
  work.last = line;
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    return;
  }
  const { "offstage.run.id": run, "offstage.arrival.id": arrival } = record.attributes ?? {};
  switch (record.event_name) {
    case "offstage.address.opened":
      work.open = true;
      break;
    case "offstage.lease.led":
    case "offstage.lease.followed":
      work.leads = record.event_name === "offstage.lease.led";
      break;
    case "offstage.arrival.taken":
      work.waiting.add(arrival);
      break;
    case "offstage.arrival.dropped":
      work.waiting.delete(arrival);
      break;
    case "offstage.arrival.started":
      work.waiting.delete(arrival);
      work.running.add(run);
      break;
    case "offstage.run.started":
    case "offstage.run.resumed":
      work.running.add(run);
      break;
    case "offstage.run.ended":
    case "offstage.run.parked":
      work.running.delete(run);
      break;
    case "offstage.run.left":
      work.running.clear();
      break;
  }
}

/** Headers that are about one connection. */
const HOPS = new Set(["connection", "content-length", "host", "keep-alive", "transfer-encoding"]);

async function hand({ method, path, headers, body }) {
  const kept = Object.entries(headers).filter(([name, value]) => typeof value === "string" && !HOPS.has(name.toLowerCase()));
  let request;
  try {
    request = new Request(\`http://127.0.0.1:\${PORT}\${path}\`, { method, headers: Object.fromEntries(kept), ...(body === null ? {} : { body }) });
  } catch {
    return { status: 400, type: "text/plain", body: "This is no request that could be handed on." };
  }
  const response = await fetch(request);
  return { status: response.status, type: response.headers.get("content-type") ?? "text/plain", body: await response.text() };
}
`;

/** What a handler has of its own: how it is called there. */
export function lambdaHandler(serve: readonly string[]): string {
  return `// AWS Lambda. EventBridge wakes it; the function's URL hands it deliveries, which are answered when what they started is over. A sender that does not
// wait for that sends again, and the same delivery again changes nothing.
import { env } from "node:process";
import { prepare, wake } from "./wake.mjs";

const SERVE = ${JSON.stringify(serve)};

export async function handler(event, context) {
  const folder = prepare(env.LAMBDA_TASK_ROOT);
  const until = Date.now() + context.getRemainingTimeInMillis() - 5_000;
  const http = event?.requestContext?.http;
  const isRequest = typeof event === "object" && event !== null && ("requestContext" in event || "httpMethod" in event);
  // One of another payload format than 2.0, which the function's URL has, is no wake either.
  if (isRequest && (typeof http !== "object" || http === null)) return { statusCode: 400, body: "This is no request that could be handed on." };
  if (!isRequest) {
    await wake({ command: SERVE, folder, until });
    return { ok: true };
  }
  const query = event.rawQueryString ? \`?\${event.rawQueryString}\` : "";
  const body = event.body == null ? null : Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
  const answer = await wake({ command: SERVE, folder, until, request: { method: http.method, path: event.rawPath + query, headers: event.headers ?? {}, body } });
  if (answer === null) return { statusCode: 503, body: "Try again." };
  return { statusCode: answer.status, headers: { "content-type": answer.type }, body: answer.body };
}
`;
}

/** See {@link lambdaHandler}; a function of Google's has the shape of Express. */
export function googleFunction(serve: readonly string[]): string {
  return `// Google Cloud Run functions, by the Functions Framework (--target=wake). Cloud Scheduler wakes it with a POST to /wake; all else is handed to serve, and
// answered when what it started is over.
import { env } from "node:process";
import { prepare, wake as wakeWorker } from "./wake.mjs";

const SERVE = ${JSON.stringify(serve)};
/** Of a request; as --timeout has it. */
const TIMEOUT_MS = Number(env.TIMEOUT_SECONDS ?? "600") * 1_000;

export async function wake(request, response) {
  const folder = prepare(import.meta.dirname);
  const until = Date.now() + TIMEOUT_MS - 5_000;
  if (request.path === "/wake") {
    await wakeWorker({ command: SERVE, folder, until });
    response.status(204).end();
    return;
  }
  const answer = await wakeWorker({ command: SERVE, folder, until, request: { method: request.method, path: request.originalUrl, headers: request.headers, body: request.rawBody ?? null } });
  if (answer === null) response.status(503).send("Try again.");
  else response.status(answer.status).type(answer.type).send(answer.body);
}
`;
}
