import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A service that fails as it is told. */
export interface FaultyService {
  readonly url: string;
  /** Requests that may have changed something, one a line. */
  readonly changes: () => string;
  /** How many requests there were. */
  readonly asked: () => number;
  readonly close: () => void;
}

/** What a request says, in its address or as JSON. */
export type Said = Readonly<Record<string, unknown>>;

/**
 * Answers a request that may change something by the first of these words in its address or body: `s422` is that status, `drop` ends the
 * connection, `broken` is a success with half a body. `reads` is what a GET gets, by its path, and by what its query and body say; undefined is a 404. A query in
 * GraphQL changes nothing and gets `data`, nor do requests to what `asks` names. `says` is the body of an error.
 */
export async function startFaultyService(reads: (path: string, said: Said) => unknown, says: (status: number, path: string) => object = () => ({ message: "As the service says" }), asks: (path: string) => boolean = () => false, data: object = {}): Promise<FaultyService> {
  const changes: string[] = [];
  let asked = 0;
  const server: Server = createServer((request, response) => {
    let body = "";
    asked += 1;
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
      const send = (status: number, text: string): unknown => response.writeHead(status, { "content-type": "application/json" }).end(text);
      if (request.method === "GET" || isQuery(body) || asks(pathname)) {
        const known = isQuery(body) ? { data } : reads(pathname, { ...Object.fromEntries(searchParams), ...fieldsOf(body) });
        return send(known === undefined ? 404 : 200, JSON.stringify(known ?? says(404, pathname)));
      }
      changes.push(`${request.method ?? ""} ${pathname}`);
      const word = /\bs[1-5]\d\d\b|\bdrop\b|\bbroken\b/i.exec(`${pathname} ${body}`)?.[0].toLowerCase() ?? "s500";
      if (word === "drop") return request.socket.destroy();
      return word === "broken" ? send(201, '{"id":') : send(Number(word.slice(1)), JSON.stringify(says(Number(word.slice(1)), pathname)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, changes: () => changes.join("\n"), asked: () => asked, close: () => server.close().closeAllConnections() };
}

function isQuery(body: string): boolean {
  const { query } = fieldsOf(body);
  return typeof query === "string" && /^\s*(?:(?:query|fragment)\b[^{]*)?\{/.test(query) && !/\bmutation\b/.test(query);
}

function fieldsOf(body: string): Said {
  try {
    return JSON.parse(body) as Said;
  } catch {
    return {};
  }
}
