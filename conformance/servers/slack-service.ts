import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator } from "emulate";

/** Slack, as an emulator is it, that fails as it is told. */
export interface SlackService {
  readonly url: string;
  /** The timestamp, which is Slack's name, of a message in {@link SLACK_CHANNEL}. */
  readonly ts: string;
  /** Requests that may have changed something, one a line. */
  readonly changes: () => string;
  readonly close: () => Promise<void>;
}

/** Accepted as a bot's token; not a real one. */
export const SLACK_TOKEN = "xoxb-not-a-real-token";
/** The emulator's own names for a channel and a person that are there from the start. */
export const SLACK_CHANNEL = "C000000001";
export const SLACK_PERSON = "U000000001";

/** What a text can ask for: `s503`, a status; `says:is_archived`, Slack's error; `drop`, before or `late`, after it was done; `broken`, half an answer; `odd:…`, something else. */
const FAULT = /\b(?:s[1-5]\d\d|says:[a-z_]+|drop|late|broken|odd:[a-z]+)/;
const ODD: Readonly<Record<string, string>> = { "odd:null": "null", "odd:list": "[]", "odd:text": '"ok"', "odd:number": "1", "odd:denial": '{"error":"not_in_channel"}' };

/** Starts one with a person and a channel. The emulator knows its reads as POST alone, so what comes as GET is put to it so. */
export async function startSlackService(): Promise<SlackService> {
  const emulator = await createEmulator({
    service: "slack", port: 0,
    seed: { tokens: { [SLACK_TOKEN]: { login: "offstage", scopes: [] } }, slack: { users: [{ name: "ana", real_name: "Ana", email: "ana@example.com" }], channels: [{ name: "general" }, { name: "random" }] } },
  });
  const changes: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
      const send = (status: number, text: string): unknown => response.writeHead(status, { "content-type": "application/json" }).end(text);
      const isRead = request.method === "GET";
      const asked = isRead ? searchParams.toString() : body;
      if (!isRead) changes.push(`${pathname} ${body}`);
      const [fault = ""] = FAULT.exec(decodeURIComponent(asked)) ?? [];
      if (fault === "drop") return request.socket.destroy();
      if (fault === "broken") return send(200, '{"ok":tr');
      if (fault.startsWith("says:")) return send(200, JSON.stringify({ ok: false, error: fault.slice("says:".length) }));
      if (fault.startsWith("odd:")) return send(200, ODD[fault] ?? "");
      if (/^s\d/.test(fault)) return send(Number(fault.slice(1)), fault === "s429" ? '{"ok":false,"error":"ratelimited"}' : "upstream connect error");
      const type = isRead ? "application/x-www-form-urlencoded" : "application/json";
      return void fetch(`${emulator.url}${pathname}`, { method: "POST", headers: { authorization: request.headers.authorization ?? "", "content-type": type }, body: asked })
        .then(async (answer) => (fault === "late" ? request.socket.destroy() : send(answer.status, await answer.text())));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => (server.close().closeAllConnections(), emulator.close());
  const first = await fetch(`${emulator.url}/api/chat.postMessage`, { method: "POST", headers: { authorization: `Bearer ${SLACK_TOKEN}`, "content-type": "application/json" }, body: JSON.stringify({ channel: SLACK_CHANNEL, text: "It leaks" }) });
  const { ts } = (await first.json()) as { readonly ts: string };
  return { ts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, changes: () => changes.join("\n"), close };
}
