import { randomBytes } from "node:crypto";

/** A secret that is planted, and looked for in all that comes out. */
export interface Canary {
  /** Where it was planted. */
  readonly source: string;
  /** What the project holds. */
  readonly value: string;
  /** A part of it that survives every way of escaping a text, so that a piece of the secret is found too. */
  readonly core: string;
  /** The one server that may have it; null: none may. */
  readonly server: string | null;
}

/** A canary somewhere in what came out. */
export interface Find {
  readonly source: string;
  /** In which way it was written. */
  readonly as: string;
  /** What stands around it. */
  readonly around: string;
}

/** Letters and digits only, as keys of services are. */
export const plain = (core: string): string => `canary-${core}`;

/** With what every way of writing a text down has its own escape for, at both ends. */
export const awkward = (core: string): string => `"4\\n/é r+y=&%<${core}'>/+ü?#"`;

/** A new one, which nothing else in the world holds. */
export function createCanary(source: string, server: string | null, shape: (core: string) => string = awkward): Canary {
  const core = randomBytes(12).toString("hex");
  return { source, core, value: shape(core), server };
}

/** The ways in which a hostile server says what it knows: those that the fourth promise names, and the others of which the guide tells. */
export const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  "JSON-escaped": (secret) => JSON.stringify(secret).slice(1, -1),
  "JSON-escaped twice": (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  base64: (secret) => Buffer.from(secret).toString("base64"),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
  "base64 behind a user": (secret) => Buffer.from(`ada:${secret}`).toString("base64"),
  "URL-encoded": (secret) => encodeURIComponent(secret),
  "as a form": (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  HTML: (secret) => secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
};

/**
 * Looks for canaries by their cores: as text, in hex, in base64 at each alignment, in UTF-16. It knows nothing of how secrets are kept out, so that a mistake there is none here.
 */
export function findCanaries(bytes: Uint8Array, canaries: readonly Canary[]): readonly Find[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const lower = text.toLowerCase();
  return canaries.flatMap(({ source, core }) =>
    needles(core).flatMap(({ as, needle, cased }) => {
      const at = (cased ? text : lower).indexOf(cased ? needle : needle.toLowerCase());
      return at < 0 ? [] : [{ source, as, around: JSON.stringify(text.slice(Math.max(0, at - 90), at + needle.length + 30)) }];
    }),
  );
}

function needles(core: string): readonly { readonly as: string; readonly needle: string; readonly cased: boolean }[] {
  const aligned = [0, 1, 2].map((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), Buffer.from(core)]);
    return shifted.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((shifted.length * 8) / 6));
  });
  return [
    { as: "text", needle: core, cased: false },
    { as: "hex", needle: Buffer.from(core).toString("hex"), cased: false },
    { as: "UTF-16", needle: Buffer.from(core, "utf16le").toString("latin1"), cased: false },
    ...aligned.flatMap((needle) => [{ as: "base64", needle, cased: true }, { as: "base64url", needle: needle.replaceAll("+", "-").replaceAll("/", "_"), cased: true }]),
  ];
}
