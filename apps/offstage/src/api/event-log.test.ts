import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createFakeClock, type FakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { listen, type Listening } from "../listen.ts";
import { createEventLog, type EventLog } from "./event-log.ts";

let clock: FakeClock;
let log: EventLog;
beforeEach(() => {
  clock = createFakeClock();
  log = createEventLog({ clock, boot: "b", most: 3 });
});
afterEach(() => log.close());

const add = (...numbers: readonly number[]): void => { for (const n of numbers) log.add("n", String(n)); };
const event = (id: number, data: number): string => `id: b-${id}\nevent: n\ndata: ${data}\n\n`;

/** What a reader is told next. */
function reader(last: string | null): { next(): Promise<string | null>; cancel(): Promise<void> } {
  const stream = log.read(last);
  if (stream === null) throw new Error("It may not read.");
  const over = stream.getReader();
  return { next: async () => { const { done, value } = await over.read(); return done ? null : new TextDecoder().decode(value); }, cancel: () => over.cancel() };
}

test("a reader hears what comes after it came, and all readers hear it", async () => {
  add(1);
  const [one, two] = [reader(null), reader(null)];
  expect([await one.next(), await two.next()]).toEqual([": here\n\n", ": here\n\n"]);
  const heard = Promise.all([one.next(), two.next()]);
  add(2);
  expect(await heard).toEqual([event(2, 2), event(2, 2)]);
  add(3, 4);
  expect(await one.next()).toBe(event(3, 3) + event(4, 4));
});

test("who comes back with the last id gets what came meanwhile, and is told when that is not remembered", async () => {
  add(1, 2, 3);
  const back = reader("b-1");
  expect([await back.next(), await back.next()]).toEqual([": here\n\n", event(2, 2) + event(3, 3)]);
  add(4, 5);
  for (const last of ["b-1", "other-3", "b-99", "b", "", "b-9999999999999999"]) expect([last, await reader(last).next()]).toEqual([last, `id: b-5\nevent: missed\ndata: {"kind":"missed","at":${clock.now()}}\n\n`]);
  expect(await reader("b-2").next()).toBe(": here\n\n");
});

test("a reader that is slower than what is remembered is cut off; others go on", async () => {
  const [slow, quick] = [reader(null), reader(null)];
  await slow.next();
  await quick.next();
  for (const n of [1, 2, 3, 4]) {
    add(n);
    expect(await quick.next()).toBe(event(n, n));
  }
  await expect(slow.next()).rejects.toThrow("too slow");
});

test("a quiet stream is kept open by comments", async () => {
  const one = reader(null);
  await one.next();
  const heard = one.next();
  await clock.advance(15_000);
  expect(await heard).toBe(": still here\n\n");
});

test("all streams end when the log is closed, those that wait too; then nobody begins to read", async () => {
  const [waits, comes] = [reader(null), reader(null)];
  await waits.next();
  const heard = waits.next();
  add(1);
  expect(await heard).toBe(event(1, 1));
  const end = waits.next();
  log.close();
  expect(await end).toBeNull();
  expect([await comes.next(), await comes.next()]).toEqual([": here\n\n", null]);
  expect(log.read(null)).toBeNull();
});

test("no more read at once than there is room for; who goes makes room", async () => {
  const readers = Array.from({ length: 100 }, () => reader(null));
  expect(log.read(null)).toBeNull();
  await readers[0]?.cancel();
  expect(log.read(null)).not.toBeNull();
});

describe("over a real connection", () => {
  let listening: Listening;
  beforeEach(async () => {
    listening = await listen({ host: "127.0.0.1", port: 0 }, () => Promise.resolve(new Response(log.read(null), { headers: { "content-type": "text/event-stream" } })));
  });
  afterEach(async () => {
    log.close();
    await listening.close();
  });

  const connect = async (): Promise<Socket> => {
    const socket = createConnection({ host: "127.0.0.1", port: Number(new URL(listening.url).port) });
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "data");
    return socket;
  };
  const room = (): number => {
    const streams = Array.from({ length: 101 }, () => log.read(null));
    for (const stream of streams) void stream?.cancel();
    return streams.filter((stream) => stream !== null).length;
  };

  test("one that takes nothing any more is broken off, and nothing is kept for it", async () => {
    const told = vi.spyOn(console, "error");
    const socket = await connect();
    socket.pause();
    expect(room()).toBe(99);
    const large = `"${"x".repeat(1 << 20)}"`;
    for (let sent = 0; room() < 100 && sent < 100; sent++) {
      log.add("n", large);
      await setImmediate();
    }
    expect(room()).toBe(100);
    const ended = once(socket, "close");
    let last = "";
    socket.on("data", (data: Buffer) => { last = data.subarray(-5).toString("latin1"); });
    socket.resume();
    await ended;
    // No end of the last chunk: it was not ended, but broken off.
    expect(last).not.toBe("0\r\n\r\n");
    expect(told).not.toHaveBeenCalled();
    told.mockRestore();
  });

  test("one that goes makes room", async () => {
    const socket = await connect();
    expect(room()).toBe(99);
    socket.destroy();
    await vi.waitFor(() => expect(room()).toBe(100));
  });
});
