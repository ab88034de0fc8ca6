import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type RawDelivery, verifyDelivery, type WebhookScheme } from "./verify.ts";

const delivery = (body: string, headers: Readonly<Record<string, string>>): RawDelivery => ({ body: Buffer.from(body), header: (name) => headers[name] ?? null });
const NOW = 1_700_000_000_000;

interface Vector {
  readonly scheme: Exclude<WebhookScheme, { readonly kind: "mtls" }>;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ms since the epoch. */
  readonly at: number;
  readonly id: string | null;
}

const STRIPE_BODY = '{"id":"evt_1","object":"event"}';
const stripeSignature = (secret: string): string => createHmac("sha256", secret).update(`1700000000.${STRIPE_BODY}`).digest("hex");

/** The examples of the services' own documentation, where these have one. */
const VECTORS: Readonly<Record<string, Vector>> = {
  // docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
  github: {
    scheme: { kind: "github", secrets: ["It's a Secret to Everybody"] }, body: "Hello, World!", at: NOW, id: "72d3162e",
    headers: { "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "x-github-delivery": "72d3162e" },
  },
  // api.slack.com, "Verifying requests from Slack".
  slack: {
    scheme: { kind: "slack", secrets: ["8f742231b10e8888abcd99yyyzzz85a5"] }, at: 1_531_420_618_000, id: null,
    body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    headers: { "x-slack-request-timestamp": "1531420618", "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" },
  },
  // The specification of Standard Webhooks.
  standard: {
    scheme: { kind: "standard", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] }, body: '{"test": 2432232314}', at: 1_614_265_330_000, id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    headers: { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330", "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
  },
  stripe: { scheme: { kind: "stripe", secrets: ["whsec_old", "whsec_new"] }, body: STRIPE_BODY, at: NOW, id: null, headers: { "stripe-signature": `t=1700000000,v0=ab,v1=${"0".repeat(64)},v1=${stripeSignature("whsec_new")}` } },
  hmac: {
    scheme: { kind: "hmac", secrets: ["s3cret-s3cret"], header: "x-signature", algorithm: "sha512", encoding: "base64", prefix: "", idHeader: "x-id" }, body: "x", at: NOW, id: "7",
    headers: { "x-signature": createHmac("sha512", "s3cret-s3cret").update("x").digest("base64"), "x-id": "7" },
  },
  bearer: { scheme: { kind: "bearer", secrets: ["a-long-token"], idHeader: null }, body: "x", at: NOW, id: null, headers: { authorization: "Bearer a-long-token" } },
};

const ALL = Object.entries(VECTORS);

describe.each(ALL)("a delivery of %s", (_, { scheme, body, headers, at, id }) => {
  test("that is genuine is, with its id", () => {
    expect(verifyDelivery(scheme, delivery(body, headers), at)).toEqual({ kind: "genuine", id });
  });

  test("is refused with another secret, without its headers, and with any of them cut or emptied", () => {
    expect(verifyDelivery({ ...scheme, secrets: ["another-secret"] }, delivery(body, headers), at).kind).toBe("refused");
    expect(verifyDelivery({ ...scheme, secrets: [] }, delivery(body, headers), at).kind).toBe("refused");
    expect(verifyDelivery(scheme, delivery(body, {}), at).kind).toBe("refused");
    for (const header of Object.keys(headers).filter((one) => !["x-github-delivery", "x-id"].includes(one))) {
      for (const other of ["", headers[header]?.slice(0, -3) ?? "", `${headers[header]}x`]) expect(verifyDelivery(scheme, delivery(body, { ...headers, [header]: other }), at).kind, `${header}: ${other}`).toBe("refused");
    }
  });
});

test.each(ALL.filter(([name]) => name !== "bearer"))("a delivery of %s is refused when a byte of its body is another", (_, { scheme, body, headers, at }) => {
  expect(verifyDelivery(scheme, delivery(`${body} `, headers), at)).toEqual({ kind: "refused", why: "its signature does not fit" });
});

test.each([["github", "x-hub-signature-256"], ["bearer", "authorization"]])("a delivery of %s without %s is told that it has none, one with another token or signature that it does not fit", (name, header) => {
  const [, { scheme, body, headers, at }] = ALL.find(([one]) => one === name) ?? ALL[0]!;
  expect(verifyDelivery(scheme, delivery(body, { ...headers, [header]: "" }), at)).toEqual({ kind: "refused", why: `it has no ${header}` });
  expect(verifyDelivery({ ...scheme, secrets: ["another-secret"] }, delivery(body, headers), at)).toEqual({ kind: "refused", why: `its ${name === "bearer" ? "token" : "signature"} does not fit` });
});

test.each(ALL.filter(([name]) => ["slack", "standard", "stripe"].includes(name)))("a delivery of %s is refused when its time is more than five minutes away, in either direction", (_, { scheme, body, headers, at }) => {
  for (const off of [-300_000, 300_000]) expect(verifyDelivery(scheme, delivery(body, headers), at + off).kind).toBe("genuine");
  for (const off of [-301_000, 301_000]) expect(verifyDelivery(scheme, delivery(body, headers), at + off)).toMatchObject({ why: expect.stringContaining("five minutes") as unknown });
});
