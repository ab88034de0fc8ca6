import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTap } from "./tap.ts";
import type { AmbushTarget, Tap } from "./tap.ts";

let service: Server;
let tap: Tap;
let carriedOut: string[];

beforeEach(async () => {
  carriedOut = [];
  service = createServer((incoming, outgoing) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => (body += chunk.toString()));
    incoming.on("end", () => {
      carriedOut.push(`${incoming.method} ${incoming.url} ${body}`);
      outgoing.writeHead(201, { "content-type": "text/plain" });
      outgoing.end(`did ${body}`);
    });
  });
  service.listen(0, "127.0.0.1");
  await once(service, "listening");
  tap = await startTap({ jira: `http://127.0.0.1:${(service.address() as AddressInfo).port}` });
});

afterEach(async () => {
  await tap.close();
  const closed = once(service, "close");
  service.close();
  service.closeAllConnections();
  await closed;
});

const post = (body: string, path = "/issue?x=1"): Promise<Response> => fetch(`${tap.urls["jira"]}${path}`, { method: "POST", body });
const ambush = (moment: AmbushTarget["moment"], changes: Partial<AmbushTarget> = {}): AmbushTarget => ({ matches: (method, path) => method === "POST" && path.startsWith("/issue"), moment, skip: 0, pile: 1, ...changes });

describe("a tap", () => {
  it("passes requests and answers on as they are", async () => {
    const response = await post("a");
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([201, "text/plain", "did a"]);
    expect(carriedOut).toEqual(["POST /issue?x=1 a"]);
  });

  it("keeps a request that has arrived, and carries it out late or never", async () => {
    const first = tap.set(ambush("arrived"));
    const late = post("late");
    await first.sprung;
    expect(carriedOut).toEqual([]);
    first.lift(true);
    expect(await (await late).text()).toBe("did late");

    const second = tap.set(ambush("arrived"));
    const [lost] = await Promise.allSettled([post("lost"), second.sprung.then(() => second.lift(false))]);
    expect(lost.status).toBe("rejected");
    expect(carriedOut).toEqual(["POST /issue?x=1 late"]);
  });

  it("carries a request out although its client has gone", async () => {
    const one = tap.set(ambush("arrived"));
    const leaving = new AbortController();
    const request = fetch(`${tap.urls["jira"]}/issue`, { method: "POST", body: "alone", signal: leaving.signal });
    const [gone] = await Promise.allSettled([request, one.sprung.then(() => leaving.abort())]);
    expect(gone.status).toBe("rejected");
    one.lift(true);
    await expect.poll(() => carriedOut).toEqual(["POST /issue alone"]);
  });

  it("keeps the answer of what was written", async () => {
    const one = tap.set(ambush("written"));
    let answered = false;
    const answer = post("a").then(() => (answered = true));
    await one.sprung;
    expect([carriedOut, answered]).toEqual([["POST /issue?x=1 a"], false]);
    one.lift(false);
    await answer;
  });

  it("tells when an answer has left", async () => {
    const one = tap.set(ambush("answered"));
    const answer = post("a");
    await one.sprung;
    expect((await answer).status).toBe(201);
  });

  it("lets some pass first, gathers several, and leaves others alone", async () => {
    const one = tap.set(ambush("arrived", { skip: 1, pile: 2 }));
    await post("first");
    await post("other", "/search");
    const held = [post("second"), post("third")];
    await one.sprung;
    expect(carriedOut).toEqual(["POST /issue?x=1 first", "POST /search other"]);
    one.lift(true);
    await Promise.all(held);
    await post("free");
    expect(carriedOut).toHaveLength(5);
  });
});
