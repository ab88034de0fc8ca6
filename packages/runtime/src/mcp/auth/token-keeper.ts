import { computeScopeUnion, isStrictScopeSuperset } from "@modelcontextprotocol/client";
import { type Clock, OffstageError } from "../../base/index.ts";
import type { AccessToken } from "./access-token.ts";
import type { Challenge } from "./discovery.ts";
import type { TokenSource } from "./token-source.ts";

/** The one token of a server in this process. */
export interface TokenKeeper {
  /**
   * The token to send now, renewed before it ends; null when there is none, which the server may not mind. A renewal ahead of time that fails
   * is no failure while the token works.
   */
  current(): Promise<AccessToken | null>;
  /** Another one than `refused`, got once however many ask at a time. Errors as of `TokenSource.obtain`. */
  replace(refused: AccessToken | null, challenge: Challenge): Promise<AccessToken>;
  /** Resolves when nothing is under way: a renewal whose answer is lost may have cost the refresh token. */
  settled(): Promise<void>;
}

/** A renewal ahead of time that failed is tried again after this. Ms. */
const TRY_AGAIN_MS = 10_000;

/** See {@link TokenKeeper}. `onLate` is told why a renewal ahead of time failed. */
export function createTokenKeeper(source: TokenSource, clock: Clock, onLate: (error: Error) => void): TokenKeeper {
  let token: AccessToken | null = null;
  let looked: Promise<void> | null = null;
  let flight: Promise<AccessToken> | null = null;
  // What the server asked for last: a renewal ahead of time asks for the same.
  let asked: Challenge = {};
  let scope: string | null = null;
  let notBefore = 0;

  const look = (): Promise<void> => {
    looked ??= source.held().then(
      (found) => void (token ??= found),
      (error: unknown) => {
        looked = null;
        throw error;
      },
    );
    return looked;
  };
  const obtain = (refused: AccessToken | null): Promise<AccessToken> => {
    flight ??= source.obtain({ refused, challenge: asked, scope }).then((found) => (token = found)).finally(() => (flight = null));
    return flight;
  };
  const isOver = (one: AccessToken): boolean => one.expiresAt !== null && clock.now() >= one.expiresAt;

  return {
    async current() {
      await look();
      if (token === null || token.renewAt === null || clock.now() < token.renewAt) return token;
      if (!isOver(token) && clock.now() < notBefore) return token;
      try {
        return await obtain(token);
      } catch (error) {
        notBefore = clock.now() + TRY_AGAIN_MS;
        // Time went by: it may have ended meanwhile.
        if (isOver(token)) throw error;
        onLate(error as Error);
        return token;
      }
    },
    async replace(refused, challenge) {
      await look();
      asked = { ...asked, ...challenge };
      scope = computeScopeUnion(scope ?? undefined, challenge.error === "insufficient_scope" ? refused?.scope ?? undefined : undefined, challenge.scope) ?? null;
      const does = (one: AccessToken | null): one is AccessToken => one !== null && one.value !== refused?.value && !isOver(one) && !lacks(one, challenge);
      if (does(token)) return token;
      // One under way may have been begun before this was asked for.
      const underWay = flight === null ? null : await flight;
      if (does(underWay)) return underWay;
      const found = await obtain(refused);
      if (found.value !== refused?.value) return found;
      throw new OffstageError("AUTH_FAILED", "The authorization server gave the very token again that was refused.");
    },
    async settled() {
      await flight?.catch(() => undefined);
    },
  };
}

function lacks(token: AccessToken, { error, scope }: Challenge): boolean {
  return error === "insufficient_scope" && token.scope !== null && isStrictScopeSuperset(scope, token.scope);
}
