import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFences } from "../../scripts/docs/fences.ts";
import type { Case } from "./cases.ts";
import type { Client } from "./certificates.ts";
import { SECRET } from "./served.ts";

const BIN = fileURLToPath(new URL("../../apps/offstage/bin/offstage.js", import.meta.url));
const SOURCES = ["named", "pinned", "titled"];
const GUIDE = readFileSync(new URL("../../docs/guides/serve.md", import.meta.url), "utf8");

/** The one block of the guide in a language. */
function block(language: string): string {
  const found = readFences(GUIDE).filter((fence) => fence.language === language);
  assert.equal(found.length, 1, `blocks of ${language} in serve.md`);
  return found[0]?.text ?? "";
}

/** The source that the guide signs a delivery for. */
export function guideSource(): string {
  return /`(shop: \{ verify: hmac, [^`]+\})`/.exec(GUIDE)?.[1] ?? "";
}

/** What systemd says of a unit: nothing when it takes it whole. It ends well, too, with words about what it would ignore. */
function verified(unit: string): string {
  const folder = mkdtempSync(join(tmpdir(), "offstage-unit-"));
  try {
    writeFileSync(join(folder, "offstage.service"), unit);
    const { stdout, stderr, error } = spawnSync("systemd-analyze", ["verify", "--man=no", join(folder, "offstage.service")], { encoding: "utf8" });
    if (error !== undefined) throw error;
    return `${stdout}${stderr}`.replaceAll(folder, "").trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Headers in which a client says of itself what only the proxy may say. */
function ownWords(cert: string): Readonly<Record<string, string | readonly string[]>> {
  const escaped = encodeURIComponent(cert);
  return { "ssl-client-verify": "SUCCESS", "ssl-client-cert": [escaped, escaped], ssl_client_verify: "SUCCESS", ssl_client_cert: escaped, "x-forwarded-for": "127.0.0.1", "x-forwarded-client-cert": "By=x", "x-forwarded-tls-client-cert": escaped };
}

/** What stands around a process that serves: the service that it is, and the proxy before it. */
export const AROUND: readonly Case[] = [
  {
    name: "systemd takes the unit of the guide, every line of it",
    async run() {
      const unit = block("ini").replace("/opt/offstage/node_modules/.bin/offstage", BIN);
      assert.ok(unit.includes(BIN));
      assert.equal(verified(unit), "");
      assert.match(verified(unit.replace("KillMode=mixed", "KillMode=mixed up")), /kill mode/i);
    },
  },
  {
    name: "the delivery that the guide signs by openssl and sends by curl is accepted, and with another secret it is not",
    async run({ served }) {
      const send = (secret: string): string => spawnSync("bash", ["-c", block("sh").replaceAll("http://127.0.0.1:8400", served.url)], { encoding: "utf8", env: { PATH: process.env["PATH"], SHOP_SECRET: secret } }).stdout;
      assert.equal(send(SECRET), "Accepted.\n");
      assert.match(send("another"), /^The delivery is not proven to be of shop/);
    },
  },
  {
    name: "behind a real nginx with the guide's lines the partner is believed, and nobody else",
    async run({ nginx }) {
      const by = (client: Client | null): Promise<readonly number[]> => Promise.all(SOURCES.map((source) => nginx.deliver(source, client)));
      assert.deepEqual(await by("partner"), [202, 202, 202]);
      assert.deepEqual(await by("other"), [401, 401, 401]);
      assert.deepEqual(await by(null), [401, 401, 401]);
      // nginx itself sends those away whose certificate is of no authority that it knows.
      assert.deepEqual(await by("stranger"), [400, 400, 400]);
    },
  },
  {
    name: "what a client of nginx says of its certificate itself does not count, in whatever header, twice or once",
    async run({ nginx, certificates }) {
      const words = ownWords(certificates.of("partner").cert);
      for (const client of ["other", null] as const) assert.deepEqual(await Promise.all(SOURCES.map((source) => nginx.deliver(source, client, words))), [401, 401, 401], String(client));
      // Nor does it do harm to who has one.
      assert.deepEqual(await Promise.all(SOURCES.map((source) => nginx.deliver(source, "partner", ownWords(certificates.of("other").cert)))), [202, 202, 202]);
    },
  },
];
