import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a function answered to an invocation. */
export interface Answered {
  readonly kind: "response" | "error";
  readonly body: unknown;
}

/** Lambda's side of its runtime API (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), for one environment. */
export interface RuntimeApi {
  readonly address: string;
  invoke(event: unknown, timeoutMs: number): Promise<Answered>;
  close(): Promise<void>;
}

/** Listens, and hands out one invocation at a time to whoever asks for the next one. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const asking: ServerResponse[] = [];
  const waiting: { readonly id: string; readonly event: unknown; readonly deadline: number }[] = [];
  const answers = new Map<string, (answered: Answered) => void>();
  const hand = (): void => {
    const [response, invocation] = [asking[0], waiting[0]];
    if (response === undefined || invocation === undefined) return;
    asking.shift();
    waiting.shift();
    response.writeHead(200, { "content-type": "application/json", "Lambda-Runtime-Aws-Request-Id": invocation.id, "Lambda-Runtime-Deadline-Ms": String(invocation.deadline), "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:beat" });
    response.end(JSON.stringify(invocation.event));
  };
  const server = createServer((request, response) => {
    const [, id = "", kind] = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? "") ?? [];
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => {
      if (request.url === "/2018-06-01/runtime/invocation/next") {
        asking.push(response);
        hand();
        return;
      }
      response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
      answers.get(id)?.({ kind: kind === "response" ? "response" : "error", body: body === "" ? null : JSON.parse(body) as unknown });
      answers.delete(id);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  let count = 0;
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke(event, timeoutMs) {
      const id = `invocation-${++count}`;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${id} was not answered in ${timeoutMs} ms`)), timeoutMs);
        answers.set(id, (answered) => {
          clearTimeout(timer);
          resolve(answered);
        });
        waiting.push({ id, event, deadline: Date.now() + timeoutMs });
        hand();
      });
    },
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
