import { createHmac, timingSafeEqual } from "node:crypto";

/** The token of `Authorization: Bearer …`; null without one. */
export function bearerToken(request: Request): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Whether two tokens are one, in a time that tells nothing of either. */
export function isSameToken(sent: string, known: string): boolean {
  // Hashed first, so that the comparison tells nothing of the length either.
  const digest = (token: string): Buffer => createHmac("sha256", "token").update(token).digest();
  return timingSafeEqual(digest(sent), digest(known));
}

const SENT_ON = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"] as const;

/** Whether a request names this machine and carries no trace of a proxy. A name that a page's owner points to this machine is not one of it: browsers send it as the host. */
export function isLocal(request: Request): boolean {
  const { hostname } = new URL(request.url);
  return (hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)) && SENT_ON.every((name) => !request.headers.has(name));
}
