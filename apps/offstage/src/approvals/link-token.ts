import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link permits: to answer one request, as it was shown, as one person. */
export interface ApprovalLink {
  /** The request or the question. */
  readonly id: string;
  /** Hash of what it asks: of the arguments, or of the question. */
  readonly hash: string;
  /** Who answers with it. */
  readonly by: string;
  /** Ms since the epoch, in whole seconds. */
  readonly expiresAt: number;
}

/** A JWT (RFC 7519) signed by HMAC-SHA-256. Of one header only, compared as it is: nobody chooses another way of signing. */
const HEADER = Buffer.from('{"alg":"HS256","typ":"offstage-approval+jwt"}').toString("base64url");
const AUDIENCE = "offstage/approve";
/** More than any of ours has. UTF-16 units. */
const LONGEST = 2_000;

/** Every link's token begins so: it is a bearer of power wherever it stands, and is kept out of whatever is kept or shown. */
export const LINK_BEGINNING = `${HEADER}.`;

/** The token of a link. */
export function signLink({ id, hash, by, expiresAt }: ApprovalLink, key: string): string {
  const signed = `${HEADER}.${Buffer.from(JSON.stringify({ aud: AUDIENCE, jti: id, sub: by, exp: Math.floor(expiresAt / 1000), hash })).toString("base64url")}`;
  return `${signed}.${signatureOf(signed, key)}`;
}

/** What a token says, expired or not; null when none of these keys signed it. In a time that tells nothing of the signature. */
export function readLink(token: string, keys: readonly string[]): ApprovalLink | null {
  const [header, payload = "", signature = "", ...more] = token.length > LONGEST ? [] : token.split(".");
  if (header !== HEADER || more.length > 0) return null;
  const sent = Buffer.from(signature);
  const isOurs = keys.map((key) => Buffer.from(signatureOf(`${header}.${payload}`, key))).filter((known) => known.length === sent.length && timingSafeEqual(known, sent)).length > 0;
  if (!isOurs) return null;
  const said = JSON.parse(Buffer.from(payload, "base64url").toString()) as { readonly aud: string; readonly jti: string; readonly sub: string; readonly exp: number; readonly hash: string };
  return said.aud === AUDIENCE ? { id: said.jti, hash: said.hash, by: said.sub, expiresAt: said.exp * 1000 } : null;
}

function signatureOf(signed: string, key: string): string {
  return createHmac("sha256", key).update(signed).digest("base64url");
}
