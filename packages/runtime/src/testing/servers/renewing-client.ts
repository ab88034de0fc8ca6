import { createRedactor } from "../../base/index.ts";
import { type Authorizer, createAuthorizer } from "../../mcp/auth/authorizer.ts";
import { DEFAULT_LOGIN } from "../../mcp/index.ts";
import { createSeal, createSealedFiles } from "../../stores/sealed/index.ts";
import { realClock } from "../real-clock.ts";

/** A process that makes one call with a kept login, and tells how it went: `node renewing-client.ts FOLDER URL MS-AHEAD`. */
const [folder = "", url = "", ahead = "0"] = process.argv.slice(2);
const clock = { ...realClock, now: () => realClock.now() + Number(ahead) };
const tokens = createSealedFiles({ folder, seal: () => createSeal("a key that has thirty-two characters"), clock });
const authorizer = createAuthorizer({ name: "ledger", url, headers: {}, auth: { ...DEFAULT_LOGIN, clientId: "desk" } }, { clock, redactor: createRedactor(), tokens, log: () => undefined }) as Authorizer;
const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "add", arguments: {} } });
const told = await Promise.resolve(authorizer.over(fetch)(url, { method: "POST", headers: { "content-type": "application/json", accept: "application/json, text/event-stream" }, body })).then(
  ({ status }) => String(status),
  (error: Error & { code?: string }) => `${error.code ?? ""} ${error.message}`,
);
await authorizer.settled();
process.stdout.write(told, () => process.exit(0));
