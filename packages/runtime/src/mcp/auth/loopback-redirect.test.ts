import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { realClock } from "../../testing/real-clock.ts";
import type { Interaction } from "./interaction.ts";
import { type LoopbackOptions, openLoopback } from "./loopback-redirect.ts";

const LOGIN = new URL("https://auth.example/authorize");

async function opened(options: Partial<LoopbackOptions> = {}): Promise<Interaction> {
  const loopback = await openLoopback({ port: 0, clock: realClock, signal: new AbortController().signal, timeoutMs: 60_000, show: () => undefined, ...options });
  onTestFinished(() => loopback.close());
  return loopback;
}

test("the answer with the right state ends the wait; the browser keeps and loads nothing", async () => {
  const shown: URL[] = [];
  const loopback = await opened({ show: (url) => void shown.push(url) });
  expect(loopback.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  const waiting = loopback.authorize(LOGIN, "right");
  const page = await fetch(`${loopback.redirectUrl}?code=one&state=right`);
  expect([page.status, page.headers.get("cache-control"), page.headers.get("content-security-policy"), page.headers.get("referrer-policy")]).toEqual([200, "no-store", "default-src 'none'", "no-referrer"]);
  expect((await waiting).get("code")).toBe("one");
  expect(shown).toEqual([LOGIN]);
  expect((await fetch(`${loopback.redirectUrl}?code=two&state=right`)).status).toBe(404);
});

test("whatever else comes is not it: another state, path, method, or a name that was made to mean this machine", async () => {
  const loopback = await opened();
  const waiting = loopback.authorize(LOGIN, "right");
  const { origin, host, port } = new URL(loopback.redirectUrl);
  expect((await fetch(`${loopback.redirectUrl}?code=x&state=wrong`)).status).toBe(404);
  expect((await fetch(`${origin}/?code=x&state=right`)).status).toBe(404);
  expect((await fetch(`${loopback.redirectUrl}?code=x&state=right`, { method: "POST" })).status).toBe(404);
  expect((await fetch(`http://localhost:${port}/callback?code=x&state=right`)).status).toBe(404);
  await fetch(`http://${host}/callback?code=right&state=right`);
  expect((await waiting).get("code")).toBe("right");
});

test("nobody comes: the wait ends in time, and says what to do", async () => {
  const clock = createFakeClock();
  const loopback = await opened({ clock });
  const waiting = loopback.authorize(LOGIN, "right").catch((error: unknown) => error);
  await clock.advance(60_000);
  expect(await waiting).toMatchObject({ code: "LOGIN_NEEDED", hint: expect.stringContaining("--paste") as string });
  expect(clock.sleepers).toBe(0);
});

test("Ctrl-C ends the wait", async () => {
  const interrupt = new AbortController();
  const waiting = (await opened({ signal: interrupt.signal })).authorize(LOGIN, "right").catch((error: unknown) => error);
  interrupt.abort();
  expect(await waiting).toMatchObject({ code: "CANCELLED" });
});

test("a port that is taken is told", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  await expect(opened({ port: (other.address() as AddressInfo).port })).rejects.toMatchObject({ code: "LOGIN_NEEDED", message: expect.stringContaining("EADDRINUSE") as string });
});
