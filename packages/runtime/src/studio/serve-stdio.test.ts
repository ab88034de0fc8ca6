import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import type { Desk } from "./desk.ts";
import type { DraftShelf } from "./drafts.ts";
import { serveStudioOverStdio } from "./serve-stdio.ts";

const OPTIONS = { session: { desk: {} as Desk, shelf: {} as DraftShelf, documents: { list: () => [], read: () => null }, nonce: () => "" }, version: "1", key: new Uint8Array(32) };
const HELLO = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } } })}\n`;

function serve(stopping = new AbortController().signal) {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const said: string[] = [];
  const ended = serveStudioOverStdio(OPTIONS, { stdin, stdout, failed: ({ message }) => said.push(message) }, stopping);
  return { stdin, stdout, said, ended };
}

test("a client that goes is not waited for", async () => {
  const { stdin, stdout, ended } = serve();
  stdin.write(HELLO);
  await vi.waitUntil(() => stdout.readableLength > 0);
  stdin.end();
  await expect(ended).resolves.toBeUndefined();
  const stopping = new AbortController();
  const other = serve(stopping.signal);
  stopping.abort();
  await expect(other.ended).resolves.toBeUndefined();
  const broken = serve();
  broken.stdin.destroy(new Error("reset"));
  await expect(broken.ended).resolves.toBeUndefined();
  const deaf = serve();
  deaf.stdout.destroy(Object.assign(new Error("EPIPE"), { code: "EPIPE" }));
  await expect(deaf.ended).resolves.toBeUndefined();
});

test("a message that is too long ends it, and says why", async () => {
  const { stdin, stdout, ended } = serve();
  stdin.write(HELLO);
  await vi.waitUntil(() => stdout.readableLength > 0);
  stdin.write(Buffer.alloc(11 * 1024 * 1024, "x"));
  await expect(ended).rejects.toMatchObject({ code: "LIMIT_SIZE", message: "The client sent a message of more than 10 MiB.", hint: expect.stringContaining("65536 characters") as string });
});
