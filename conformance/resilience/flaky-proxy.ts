import { createServer, type IncomingMessage, request as forward, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Random } from "../kill/random.ts";

/** What the way to a server does to one request. */
export type Fault = "none" | "drop-before" | "drop-after" | "half-answer" | "bad-gateway-before" | "bad-gateway-after" | "late" | "session-lost";

/** A proxy on loopback that does, now and then, what real ways do. */
export interface FlakyProxy {
  readonly url: string;
  /** How often each fault was made. */
  readonly faults: ReadonlyMap<Fault, number>;
  close(): Promise<void>;
}

/** Weights: faults with `before` happen before the server hears of the request, all others after it has done it. */
const FAULTS: readonly (readonly [number, Fault])[] = [[88, "none"], [1.5, "drop-before"], [1.5, "drop-after"], [1.5, "half-answer"], [1.5, "bad-gateway-before"], [1.5, "bad-gateway-after"], [1.5, "late"], [1, "session-lost"]];

/** Opens a {@link FlakyProxy} before the server on `port`. `lateMs`: longer than calls wait. */
export async function openFlakyProxy(port: number, random: Random, lateMs: number): Promise<FlakyProxy> {
  const faults = new Map<Fault, number>();
  const server = createServer((request, response) => void pass(request, response));
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const part of request) body += String(part);
    // A handshake that fails is another matter, and only slows this down.
    const fault = body.includes('"tools/call"') ? random.pick(FAULTS) : "none";
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
    if (fault === "drop-before") return void response.destroy();
    if (fault === "bad-gateway-before") return void response.writeHead(502).end("<html>Bad gateway</html>");
    if (fault === "session-lost") return void response.writeHead(404).end("no such session");
    const onward = forward({ port, host: "127.0.0.1", method: request.method ?? "GET", path: request.url ?? "/", headers: { ...request.headers, connection: "close" } }, (answer) => void give(answer, response, fault, lateMs));
    // The server was killed: what a proxy says then.
    onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end("<html>Bad gateway</html>")));
    onward.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    faults,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function give(answer: IncomingMessage, response: ServerResponse, fault: Fault, lateMs: number): Promise<void> {
  const parts: Buffer[] = [];
  try {
    for await (const part of answer) parts.push(part as Buffer);
  } catch {
    return void response.destroy();
  }
  const body = Buffer.concat(parts);
  const { "transfer-encoding": _chunked, connection: _closed, ...headers } = answer.headers;
  const head = (): ServerResponse => response.writeHead(answer.statusCode ?? 502, { ...headers, "content-length": body.length });
  switch (fault) {
    case "drop-after":
      return void response.destroy();
    case "half-answer":
      head().write(body.subarray(0, body.length / 2), () => response.destroy());
      return;
    case "bad-gateway-after":
      return void response.writeHead(502).end("<html>Bad gateway</html>");
    case "late":
      setTimeout(() => head().end(body), lateMs).unref();
      return;
    default:
      head().end(body);
  }
}
