import type { QueueBroker, QueueConnection } from "../triggers/queue/queue-port.ts";

/** A connection for as long as it is used. */
export async function withConnection(broker: QueueBroker, use: (connection: QueueConnection) => Promise<void>): Promise<void> {
  const connection = await broker.open();
  try {
    await use(connection);
  } finally {
    await connection.close();
  }
}

/** What it says when nobody can be connected; null: somebody was. */
export async function openFault(broker: QueueBroker): Promise<unknown> {
  return broker.open().then(() => null, (error: unknown) => error);
}
