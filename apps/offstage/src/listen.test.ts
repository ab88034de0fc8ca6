import { once } from "node:events";
import { Agent, get, type IncomingMessage, Server } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { listen } from "./listen.ts";

const FREE = { host: "127.0.0.1", port: 0 };

test("once it is to close, what is being answered is answered, and who keeps a connection is not heard on it any more", async () => {
  const asked: string[] = [];
  const [heard, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const open = await listen(FREE, async (request) => {
    asked.push(new URL(request.url).pathname);
    heard.resolve();
    await answer.promise;
    return new Response("kept");
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = async (path: string): Promise<string> => {
    const [response] = (await once(get(`${open.url}${path}`, { agent }), "response")) as [IncomingMessage];
    return text(response);
  };
  const first = ask("/first");
  await heard.promise;
  const closed = open.close();
  const second = ask("/second");
  answer.resolve();
  expect(await first).toBe("kept");
  await expect(second).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await closed;
  expect(asked).toEqual(["/first"]);
});

test("who never ends a request does not keep it open", async () => {
  const open = await listen(FREE, () => Promise.resolve(new Response("")));
  const slow = connect(Number(new URL(open.url).port), "127.0.0.1");
  onTestFinished(() => void slow.destroy());
  await once(slow, "connect");
  slow.write("GET / HTTP/1.1\r\nHost: a\r\n");
  const ended = once(slow, "close");
  await expect(open.close()).resolves.toBeUndefined();
  await ended;
});

test("a stream that began before takes its connection along when it ends, which nobody has to cut off", async () => {
  const cutOff = vi.spyOn(Server.prototype, "closeAllConnections");
  onTestFinished(() => cutOff.mockRestore());
  const over = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(": here\n\n")),
    pull: (controller) => over.promise.then(() => controller.close()),
  });
  const open = await listen(FREE, () => Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } })));
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const [response] = (await once(get(open.url, { agent }), "response")) as [IncomingMessage];
  const closed = open.close();
  over.resolve();
  expect(await text(response)).toBe(": here\n\n");
  await closed;
  expect(cutOff).not.toHaveBeenCalled();
});
