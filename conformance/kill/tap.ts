import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Moment } from "./kill-point.ts";

/** Which requests an ambush waits for. `skip` of them pass first; it springs with the `pile`-th after them. */
export interface AmbushTarget {
  readonly matches: (method: string, path: string) => boolean;
  readonly moment: Moment;
  readonly skip: number;
  readonly pile: number;
}

/** Requests that are kept at a moment of their life until the ambush is lifted. */
export interface Ambush {
  /** Resolves when enough requests are there, or no more came for a while after the first. */
  readonly sprung: Promise<void>;
  /** Lets all requests pass from now on. Of those that had arrived and were not carried out, `late` says whether they are now. */
  readonly lift: (late: boolean) => void;
}

/** Stands between the MCP servers and the two services, passes everything on, and knows where each write is. */
export interface Tap {
  /** The address that stands for a service, by its name. */
  readonly urls: Readonly<Record<string, string>>;
  /** One at a time: it takes the place of the one before. */
  readonly set: (target: AmbushTarget) => Ambush;
  readonly close: () => Promise<void>;
}

/** How long an ambush waits for more after its first request: well below the time after which a call counts as lost. */
const PATIENCE_MS = 700;
/** How much later than its client's death a request may be carried out. */
const LATE_MS = 300;

/** Starts a tap on 127.0.0.1 for services of which the address is given by name. */
export async function startTap(services: Readonly<Record<string, string>>): Promise<Tap> {
  let armed: ArmedAmbush | null = null;
  const open = Object.entries(services).map(async ([name, url]) => {
    const server = createServer((incoming, outgoing) => void pass(incoming, outgoing, url, () => armed));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { name, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  });
  const servers = await Promise.all(open);
  return {
    urls: Object.fromEntries(servers.map(({ name, url }) => [name, url])),
    set: (target) => {
      armed?.lift(false);
      armed = armAmbush(target);
      return armed;
    },
    close: async () => {
      armed?.lift(false);
      await Promise.all(servers.map(({ server }) => closeServer(server)));
    },
  };
}

interface ArmedAmbush extends Ambush {
  /** Counts a request in: whether the ambush is about it. */
  readonly meets: (method: string, path: string) => boolean;
  readonly moment: Moment;
  /** A request is at the moment. Resolves when it may go on: `lost` when it must not. */
  readonly reached: () => Promise<"go on" | "late" | "lost">;
}

function armAmbush({ matches, moment, skip, pile }: AmbushTarget): ArmedAmbush {
  const sprung = Promise.withResolvers<void>();
  const lifted = Promise.withResolvers<"late" | "lost">();
  let isLifted = false;
  let seen = 0;
  let there = 0;
  return {
    moment,
    sprung: sprung.promise,
    lift: (late) => {
      isLifted = true;
      lifted.resolve(late ? "late" : "lost");
    },
    meets: (method, path) => {
      if (isLifted || !matches(method, path)) return false;
      seen += 1;
      return seen > skip;
    },
    reached: () => {
      if (isLifted) return Promise.resolve("go on");
      there += 1;
      if (there >= pile) sprung.resolve();
      else setTimeout(() => sprung.resolve(), PATIENCE_MS).unref();
      return lifted.promise;
    },
  };
}

async function pass(incoming: IncomingMessage, outgoing: ServerResponse, service: string, current: () => ArmedAmbush | null): Promise<void> {
  const ambush = current();
  const meets = ambush !== null && ambush.meets(incoming.method ?? "", incoming.url ?? "");
  try {
    const body = await bodyOf(incoming);
    if (meets && ambush.moment === "arrived" && !(await mayArrive(ambush))) return void outgoing.destroy();
    const answer = await carryOut(incoming, body, service);
    if (meets && ambush.moment === "written") await ambush.reached();
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
    if (meets && ambush.moment === "answered") {
      await once(outgoing, "finish");
      void ambush.reached();
    }
  } catch {
    // A client or the service is gone: that is what this is about.
    outgoing.destroy();
  }
}

async function mayArrive(ambush: ArmedAmbush): Promise<boolean> {
  const fate = await ambush.reached();
  if (fate === "late") await sleep(LATE_MS);
  return fate !== "lost";
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Makes the request of the service itself, to the end, whether or not its client still waits. */
async function carryOut(incoming: IncomingMessage, body: Buffer, service: string): Promise<Answer> {
  const { host: _, ...headers } = incoming.headers;
  const request = forward(`${service}${incoming.url ?? ""}`, { method: incoming.method, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const { "transfer-encoding": __, connection: ___, ...kept } = response.headers;
  return { status: response.statusCode ?? 502, headers: kept, body: await bodyOf(response) };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
