import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";
import type { ServeSettings } from "./serve-settings.ts";

const read = (text: string): ServeSettings | null => {
  const parsed = parseSettings(text, "/project");
  return parsed.ok ? parsed.settings.serve : null;
};
const WEBHOOK = "webhooks: { a: { verify: github, secret: x } }\n";

test("an address is opened where one is named, or where metrics are to be seen at it", () => {
  expect([read(""), read("serve: { metrics: { listen: 127.0.0.1:9464 } }")].map((one) => one?.opens)).toEqual([false, false]);
  expect([read("serve: { listen: localhost:1 }"), read("serve: { metrics: true }"), read("serve: { metrics: { token: t } }")].map((one) => one?.opens)).toEqual([true, true, true]);
});

test("metrics are shown without a token on loopback without webhooks, and at an address of their own", () => {
  for (const text of ["serve: { metrics: true }", "serve: { listen: 127.8.9.1:1, metrics: {} }", `${WEBHOOK}serve: { metrics: { listen: 0.0.0.0:9464 } }`, `${WEBHOOK}serve: { metrics: { token: t } }`, "serve: { listen: 0.0.0.0:8400, metrics: { token: [t, u] } }"]) expect([text, read(text) !== null]).toEqual([text, true]);
  for (const text of [`${WEBHOOK}serve: { metrics: true }`, "serve: { listen: 0.0.0.0:8400, metrics: true }", "serve: { listen: 127.0.0.1.example:1, metrics: true }", "serve: { listen: 10.0.0.1:1, metrics: {} }"]) expect([text, read(text)]).toEqual([text, null]);
});

const TOKEN = "{ name: ada, role: operator, token: t }";
test("the API is offered without tokens on loopback without webhooks, and nowhere else", () => {
  for (const text of ["serve: { api: true }", `${WEBHOOK}serve: { api: { tokens: [${TOKEN}] } }`, `serve: { listen: 0.0.0.0:8400, api: { tokens: [${TOKEN}, ${TOKEN}] } }`]) expect([text, read(text)?.opens]).toEqual([text, true]);
  for (const text of [`${WEBHOOK}serve: { api: true }`, "serve: { listen: 0.0.0.0:8400, api: true }", "serve: { api: { tokens: [] } }", "serve: { api: { tokens: [{ name: ada, role: owner, token: t }] } }", `serve: { api: { tokens: [${TOKEN}, { name: ada, role: viewer, token: u }] } }`, 'serve: { api: { tokens: [{ name: "a\\nb", role: viewer, token: u }] } }']) expect([text, read(text)]).toEqual([text, null]);
});

test("runs of events are tried again for a day when a server is down, for as long as is said, or not at all", () => {
  expect(["", "serve: { retry: 90m }", "serve: { retry: false }"].map((text) => read(text)?.retryMs)).toEqual([86_400_000, 5_400_000, 0]);
  for (const text of ["serve: { retry: true }", "serve: { retry: 5s }", "serve: { retry: 31d }"]) expect([text, read(text)]).toEqual([text, null]);
});
