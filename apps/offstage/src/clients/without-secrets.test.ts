import { expect, test } from "vitest";
import type { ForeignEntry } from "./foreign-entry.ts";
import { createVariableNames } from "./variable-names.ts";
import { type Moved, withoutSecrets } from "./without-secrets.ts";

const SECRET = "correcthorse";

function moved(entry: ForeignEntry): readonly Moved[] {
  const cleared = withoutSecrets("shop", entry, createVariableNames(new Set()));
  if (!cleared.ok) throw new Error(cleared.why);
  expect(JSON.stringify(cleared.entry).includes(SECRET)).toBe(false);
  return cleared.moved;
}
const stdio = (args: readonly string[], env: Readonly<Record<string, string>> = {}): ForeignEntry => ({ kind: "stdio", command: "npx", args, env, cwd: null, envFile: null });
const http = (headers: Readonly<Record<string, string>>): ForeignEntry => ({ kind: "http", type: null, url: "https://shop.example/mcp", headers });

test.each([
  [stdio([], { SMTP_PW: SECRET }), "SMTP_PW"],
  [stdio([], { PASSCODE: SECRET }), "SHOP_PASSCODE"],
  [stdio([], { OTP_SEED: SECRET }), "OTP_SEED"],
  [stdio([], { DSN: `postgres://ada:\${env:PW}@db/x?key=${SECRET}` }), "SHOP_DSN"],
  [stdio([], { LOGIN: `ada:${SECRET}` }), "SHOP_CREDENTIALS"],
  [stdio(["shop", "-u", `ada:${SECRET}`]), "SHOP_CREDENTIALS"],
  [stdio(["shop", "-p", SECRET]), "SHOP_PASSWORD"],
  [stdio(["/c", `npx shop --token ${SECRET} --verbose`]), "SHOP_ARGUMENT_2"],
  [stdio(["/c", `npx shop --token '${SECRET}'`]), "SHOP_ARGUMENT_2"],
  [http({ "X-Functions-Code": SECRET }), "X_FUNCTIONS_CODE"],
  [http({ "X-Session": SECRET }), "SHOP_X_SESSION"],
])("what stands where secrets do is not written down: %j", (entry, variable) => {
  expect(moved(entry).map((one) => one.variable)).toEqual([variable]);
});

test.each([
  stdio([], { SEED: "42", SESSION: "dev", EXIT_CODE: "production", LOGIN: "ada", LOGIN_SERVER: "localhost:8080", USER: "node:node", ACCOUNT: "arn:aws:iam::123:user" }),
  stdio(["-p", "some-package", "some-command", "-p", "8080"]),
  stdio(["run", "-p", "127.0.0.1:8080:80", "-u", "1000:1000", "-p", "./folder"]),
  stdio(["-c", "npx shop --token ${env:TOKEN} --key $KEY --password %PASSWORD% run"]),
  stdio([], { DSN: "postgres://ada:${env:DB_PASSWORD}@db.example/shop" }),
  http({ "X-Country-Code": "DE", "X-Team": "payments" }),
])("what only looks a little like it stays: %j", (entry) => {
  expect(moved(entry)).toEqual([]);
});
