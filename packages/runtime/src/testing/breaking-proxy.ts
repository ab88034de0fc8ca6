import { connect, createServer, type Socket } from "node:net";

/** What a {@link BreakingProxy} does with the next COMMIT that comes by. */
export type CommitFault = "never-sent" | "answer-lost";

/** A way to a server of PostgreSQL that breaks where it is told to. */
export interface BreakingProxy {
  /** The server's URL with the proxy in its place. */
  readonly url: string;
  /** Breaks the next COMMIT of something that was written: before the server gets it, or once it has answered. */
  breakNext(fault: CommitFault): void;
  /** Leads who connects from now on to another server. */
  leadTo(url: string): void;
  close(): Promise<void>;
}

const COMMIT = "; COMMIT";

/** Puts a {@link BreakingProxy} before the server of `url`. */
export async function createBreakingProxy(url: string): Promise<BreakingProxy> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let next: CommitFault | null = null;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let swallows = false;
    const drop = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", drop).on("close", drop);
    }
    client.on("data", (data) => {
      const fault = next !== null && data.includes(COMMIT) ? next : null;
      if (fault !== null) next = null;
      if (fault === "never-sent") return drop();
      swallows ||= fault === "answer-lost";
      upstream.write(data);
    });
    upstream.on("data", (data) => (swallows ? drop() : client.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as { readonly port: number }).port);
  return {
    url: through.href,
    leadTo: (other) => void (target = new URL(other)),
    breakNext: (fault) => void (next = fault),
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}
