import { connect as connectSocket } from "node:net";
import { jetstream, type JetStreamClient, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect, type ConnectionOptions, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";

/** A connection to NATS that is not mended when it breaks: whoever uses it makes a new one. */
export interface JetStream {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** How to reach a server. */
export interface NatsPlace {
  /** `nats:` or `tls:`, with user and password, or a token in the user's place. */
  readonly url: string;
  /** A user's credentials, as `nsc` writes them into a file; null: none. */
  readonly credentials: string | null;
}

const ANSWER_MS = 5_000;
const PING_MS = 10_000;

/** Connects. Rejects with the reason. */
export async function connectNats(place: NatsPlace, more: ConnectionOptions = {}): Promise<JetStream> {
  await greeting(place);
  const connection = await connect({ ...optionsOf(place), name: "offstage", reconnect: false, timeout: ANSWER_MS, pingInterval: PING_MS, ...more });
  try {
    const manager = await jetstreamManager(connection, { timeout: ANSWER_MS });
    return { connection, manager, client: jetstream(connection, { timeout: ANSWER_MS }) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function optionsOf({ url, credentials }: NatsPlace): ConnectionOptions {
  const { protocol, host, username, password } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: host,
    ...(protocol === "tls:" ? { tls: {} } : {}),
    ...(user === "" ? {} : pass === "" ? { token: user } : { user, pass }),
    ...(credentials === null ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
  };
}

/** Every server speaks first. One that hangs is found out here: its client would leave an open socket behind, and another at each try. */
function greeting({ url }: NatsPlace): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 4222), timeout: ANSWER_MS });
    const end = (error: Error | null): void => {
      socket.destroy();
      if (error === null) resolve();
      else reject(error);
    };
    socket.once("data", () => end(null)).once("error", end).once("close", () => end(new Error("the connection was closed"))).once("timeout", () => end(new Error("it does not answer")));
  });
}
