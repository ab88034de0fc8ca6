import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * What lets a view answer for a person: it goes to the view beside what it shows, in the part of a result that no model reads, and names exactly that. Made with the key of this
 * process, so that nothing has to be remembered.
 */
export interface Permits {
  /** `caller`: who is shown it; only they can use it. */
  make(about: string, caller: string): string;
  holds(about: string, caller: string, permit: string): boolean;
}

/** See {@link Permits}. */
export function createPermits(key: Uint8Array): Permits {
  const make = (about: string, caller: string): string => createHmac("sha256", key).update(JSON.stringify(["permit", about, caller])).digest("base64url");
  return {
    make,
    holds(about, caller, permit) {
      const [wanted, given] = [make(about, caller), permit].map((text) => Buffer.from(text));
      return wanted !== undefined && given !== undefined && wanted.length === given.length && timingSafeEqual(wanted, given);
    },
  };
}
