import type { OAuthTokens } from "@modelcontextprotocol/client";
import { isOffstageError, OffstageError, type Redactor, shorten } from "../../base/index.ts";

/** A token as it is used. */
export interface AccessToken {
  readonly value: string;
  /** Instant, ms; null when nobody said. */
  readonly expiresAt: number | null;
  /** From when a new one is asked for, while this one still works; ms. */
  readonly renewAt: number | null;
  /** What it permits, separated by spaces; null when nobody said. */
  readonly scope: string | null;
}

/** A token is renewed when a fifth of its life is left, and a minute of a long one is enough. */
const MOST_LEAD_MS = 60_000;

/** When a token that was got at `obtainedAt` is renewed. */
export function renewalOf(obtainedAt: number, expiresAt: number | null): number | null {
  return expiresAt === null ? null : expiresAt - Math.min(MOST_LEAD_MS, (expiresAt - obtainedAt) / 5);
}

/** Reads an answer; `asked` is the scope that was asked for, granted when the answer names none (RFC 6749, 5.1). */
export function accessTokenOf(tokens: OAuthTokens, now: number, asked: string | null): AccessToken {
  const expiresAt = expiryOf(tokens, now);
  return { value: tokens.access_token, expiresAt, renewAt: renewalOf(now, expiresAt), scope: tokens.scope ?? asked };
}

/** When an answer's access token ends. */
export function expiryOf(tokens: OAuthTokens, now: number): number | null {
  const seconds = tokens.expires_in;
  return seconds === undefined || !Number.isFinite(seconds) ? null : now + Math.max(0, seconds) * 1_000;
}

/**
 * Registers what came with an answer, and refuses a token that is not sent as a bearer's: it would be refused, or shown to somebody who
 * shall only see proofs of it. Errors: `AUTH_FAILED`, also for a token too short to be kept out of texts.
 */
export function takeTokens(tokens: OAuthTokens, server: string, redactor: Redactor): void {
  registerTokens([tokens.access_token, tokens.refresh_token, tokens.id_token], server, redactor);
  if (tokens.token_type.toLowerCase() === "bearer") return;
  throw new OffstageError("AUTH_FAILED", `The authorization server of "${server}" gave a token of the kind ${JSON.stringify(shorten(redactor.redact(tokens.token_type), 40))}, which Offstage cannot use.`, { hint: "Have it give bearer tokens to this client." });
}

/** Registers what is secret, before anything else is done with it. Errors: `AUTH_FAILED` for a token too short to be kept out of texts. */
export function registerTokens(tokens: readonly (string | null | undefined)[], server: string, redactor: Redactor): void {
  for (const token of tokens) {
    if (typeof token !== "string" || token === "") continue;
    try {
      redactor.registerPassing(token, `token of ${server}`);
    } catch (error) {
      if (!isOffstageError(error)) throw error;
      throw new OffstageError("AUTH_FAILED", `The authorization server of "${server}" gave a token that is too short to be kept out of texts.`, { hint: "Whoever runs it has to make longer ones." });
    }
  }
}
