import { createRedactor } from "offstage/base";
import { expect, test } from "vitest";
import { type ApprovalLink, LINK_BEGINNING, readLink, signLink } from "./link-token.ts";

const [OLD, NEW] = ["o".repeat(32), "n".repeat(32)];
const LINK: ApprovalLink = { id: "1m8bcjmc4-fvmjee86", hash: "a".repeat(64), by: "Ada Lovelace", expiresAt: 1_793_610_000_000 };

test("a token says what was signed, and is a JWT; after a key was rotated those of the old one hold as long as it stands there", () => {
  const token = signLink(LINK, OLD);
  expect(readLink(token, [OLD])).toEqual(LINK);
  expect(readLink(token, [NEW, OLD])).toEqual(LINK);
  expect(readLink(token, [NEW])).toBeNull();
  const [header = "", payload = ""] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
  expect([JSON.parse(header), JSON.parse(payload)]).toEqual([{ alg: "HS256", typ: "offstage-approval+jwt" }, { aud: "offstage/approve", jti: LINK.id, sub: LINK.by, exp: 1_793_610_000, hash: LINK.hash }]);
});

test("whatever is changed in one, it is not ours any more", () => {
  const token = signLink(LINK, NEW);
  for (let at = 0; at < token.length; at++) expect(readLink(`${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`, [NEW]), `at ${at}`).toBeNull();
  const [header = "", payload = "", signature = ""] = token.split(".");
  const none = Buffer.from('{"alg":"none","typ":"offstage-approval+jwt"}').toString("base64url");
  for (const other of ["", ".", "..", `${header}.${payload}.`, `${header}.${payload}`, `${none}.${payload}.`, `${none}.${payload}.${signature}`, `${token}.`, `${token}=`, `${token} `, "x".repeat(1e6)]) expect(readLink(other, [NEW])).toBeNull();
  expect(readLink(token, [])).toBeNull();
});

test("one stands in no text that is kept or shown", () => {
  const redactor = createRedactor();
  redactor.registerBeginning(LINK_BEGINNING, "approval link");
  const token = signLink(LINK, NEW);
  const url = `https://o.example/approve/${token}`;
  expect(redactor.redactData({ text: `<${url}|Open> and (${url}).`, url: encodeURIComponent(url), json: JSON.stringify({ url }) })).toEqual({
    text: "<https://o.example/approve/[redacted approval link]|Open> and (https://o.example/approve/[redacted approval link]).",
    url: "https%3A%2F%2Fo.example%2Fapprove%2F[redacted approval link]", json: '{"url":"https://o.example/approve/[redacted approval link]"}',
  });
});
