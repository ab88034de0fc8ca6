import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where turns are given; a port of this machine. */
const VARIABLE = "OFFSTAGE_SUITE_TURNS";

/** Gives turns to processes, a few at a time. */
export interface Turns {
  /** For the environment of those who wait. */
  readonly env: { readonly [name: string]: string };
  close(): void;
}

/** The suite starts the clients of all its scenarios at once; on a small machine they would starve each other until they time out. */
export async function giveTurns(atOnce: number): Promise<Turns> {
  const waiting: Socket[] = [];
  let running = 0;
  const next = (): void => {
    for (let socket = waiting.shift(); socket !== undefined; socket = waiting.shift()) {
      running++;
      socket.write(".");
      if (running >= atOnce) return;
    }
  };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    // A process that ends, however it does, gives its turn back.
    socket.on("close", () => {
      const place = waiting.indexOf(socket);
      if (place === -1) running--;
      else waiting.splice(place, 1);
      if (running < atOnce) next();
    });
    waiting.push(socket);
    if (running < atOnce) next();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { env: { [VARIABLE]: String((server.address() as AddressInfo).port) }, close: () => void server.close() };
}

/** Waits for a turn, and holds it until this process ends; at once where nobody gives any. */
export async function takeTurn(env: { readonly [name: string]: string | undefined }): Promise<void> {
  const port = Number(env[VARIABLE]);
  if (!(port > 0)) return;
  const socket = connect(port, "127.0.0.1");
  await once(socket, "data");
  socket.unref();
}
