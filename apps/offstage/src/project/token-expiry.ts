/** When a token says itself that it ends, ms; null for one that does not say, which most do not. Nothing about it is verified. */
export function tokenExpiry(token: string): number | null {
  const [, claims, signature] = token.replace(/^Bearer /i, "").split(".");
  if (claims === undefined || signature === undefined) return null;
  try {
    const parsed = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as { readonly exp?: unknown } | null;
    return typeof parsed?.exp === "number" && Number.isFinite(parsed.exp) ? parsed.exp * 1_000 : null;
  } catch {
    return null;
  }
}
