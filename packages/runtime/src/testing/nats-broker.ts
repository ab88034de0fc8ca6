import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNats, type JetStream } from "../triggers/queue/nats/connect-nats.ts";
import { startBroker } from "./broker-process.ts";
import { freePort } from "./free-port.ts";
import type { TestBroker } from "./test-broker.ts";

/** A real NATS with JetStream, over files. `url` has its password. */
export async function startNats(): Promise<TestBroker & { readonly jetStream: JetStream; readonly url: string; make(stream: string): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-nats-"));
  const port = await freePort();
  const password = "throw-away-password";
  const server = await startBroker("nats-server", ["--addr", "127.0.0.1", "--port", String(port), "--jetstream", "--store_dir", folder, "--user", "ada", "--pass", password], port);
  const url = `nats://ada:${password}@127.0.0.1:${port}`;
  const jetStream = await connectNats({ url, credentials: null }, { reconnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 50, reconnectJitter: 0 });
  const made = new Set<string>();
  const make = async (stream: string): Promise<void> => {
    if (made.has(stream)) return;
    await jetStream.manager.streams.add({ name: stream, subjects: [stream] });
    made.add(stream);
  };
  return {
    jetStream, url, password, make,
    entry: (queue, written) => `{ kind: nats, url: "nats://ada:${written}@127.0.0.1:${port}", stream: ${queue}, hold: 2s }`,
    kill: () => server.kill(),
    start: () => server.start(),
    async send(queue, text) {
      await make(queue);
      await jetStream.client.publish(queue, text, { timeout: 1_000 });
    },
    given: async (queue) => (await jetStream.manager.streams.info(queue)).state.last_seq,
    async aside(queue) {
      const consumer = await jetStream.client.consumers.get(`${queue}_dead`).catch(() => null);
      const lying: { text: string; why: string }[] = [];
      for (let left = consumer === null ? 0 : (await jetStream.manager.streams.info(`${queue}_dead`)).state.messages; left > 0; left--) {
        const message = await consumer?.next({ expires: 1_000 });
        if (message != null) lying.push({ text: message.string(), why: message.headers?.get("Offstage-why") ?? "" });
      }
      return lying;
    },
    async close() {
      await jetStream.connection.close();
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
