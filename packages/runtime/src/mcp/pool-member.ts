import { OffstageError } from "../base/index.ts";
import { type BreakerGate, type Circuit, createBreakerGate } from "./breaker-gate.ts";
import { connect } from "./connect.ts";
import type { Connection, ConnectionContext } from "./connection.ts";
import { afterDeath, afterFailedStart, FRESH, type RestartState, waitBeforeStart } from "./restart.ts";
import type { ServerConfig } from "./server-config.ts";
import { createServerSession, type ServerSession } from "./server-session.ts";

/** One server of the pool. */
export interface Member {
  session(): Promise<ServerSession>;
  /** The live connection, started when there is none. */
  ready(): Connection | Promise<Connection>;
  /** Asks the server something besides calls; that it fails counts as theirs do. */
  use<T>(ask: (connection: Connection) => Promise<T>): Promise<T>;
  circuit(): Circuit;
  close(): Promise<void>;
}

/** Starts its server when it is first needed, and again after its end, unless it failed too often of late. */
export function createMember(config: ServerConfig, context: ConnectionContext, closing: AbortSignal): Member {
  const { clock } = context;
  const gate = createBreakerGate(config.name, clock);
  let connection: Connection | null = null;
  let starting: Promise<Connection> | null = null;
  const start = createStarter(config, context, gate, closing);
  const startNext = async (): Promise<Connection> => {
    // The one that ended must be gone before its successor: some servers lock files.
    await connection?.close();
    return (connection = await start());
  };
  const ready = (): Connection | Promise<Connection> => {
    if (connection !== null && connection.failure() === null) return connection;
    gate.assertOpenToStart();
    starting ??= startNext().finally(() => (starting = null));
    return starting;
  };
  let current: { readonly connection: Connection; readonly session: ServerSession } | null = null;
  return {
    async session() {
      const live = await ready();
      gate.assertOpenToStart();
      if (current?.connection !== live) current = { connection: live, session: createServerSession(config.name, clock, () => stillLive(live), gate.watch) };
      return current.session;
    },
    ready,
    circuit: () => gate.circuit(),
    async use(ask) {
      const live = await ready();
      const begunAt = clock.now();
      try {
        // An answer tells nothing: lists are kept, and asked for at every call.
        return await ask(live);
      } catch (error) {
        gate.failed(error, begunAt);
        throw error;
      }
    },
    async close() {
      await starting?.catch(() => undefined);
      await connection?.close();
    },
  };
}

/** Starts that keep their distance from the last end, and tell the gate how they went. */
function createStarter(config: ServerConfig, context: ConnectionContext, gate: BreakerGate, closing: AbortSignal): () => Promise<Connection> {
  const { clock } = context;
  let restart: RestartState = FRESH;

  return async () => {
    const wait = waitBeforeStart(restart, clock.now());
    if (wait.kind === "refuse") throw wait.error;
    if (wait.ms > 0) await clock.sleep(wait.ms, closing);
    refuseWhenClosing(config.name, closing);
    const begunAt = clock.now();
    try {
      const live = await connect(config, context, closing);
      const startedAt = clock.now();
      void live.over.then(() => {
        if (closing.aborted) return;
        restart = afterDeath(restart, startedAt, clock.now(), gate.lastAnswerAt() >= startedAt);
        gate.failed(live.failure(), startedAt);
      });
      return live;
    } catch (error) {
      restart = afterFailedStart(restart, error, clock.now());
      gate.failed(error, begunAt);
      throw error;
    }
  };
}

/** Not another one in its place: what was asked about this server, its tools above all, may not be true of the next. */
function stillLive(connection: Connection): Connection {
  const failure = connection.failure();
  if (failure !== null) throw failure;
  return connection;
}

function refuseWhenClosing(name: string, closing: AbortSignal): void {
  if (closing.aborted) throw new OffstageError("CANCELLED", `The MCP server "${name}" is not started any more: all servers are being ended.`);
}
