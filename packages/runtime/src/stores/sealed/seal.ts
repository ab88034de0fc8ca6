import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { OffstageError } from "../../base/index.ts";

/** A text that is sealed: AES-256-GCM, as one JSON document. */
export interface Seal {
  /** `about` is bound to the text: it opens in no other place. */
  seal(text: string, about: string): string;
  /** `at` names the place in errors. Errors: `TOKENS_UNREADABLE`. */
  open(sealed: string, about: string, at: string): string;
}

/** Characters of a key: what `openssl rand -base64 32` prints has 44. There is no slow derivation that would make up for a short one. */
export const SHORTEST_KEY = 32;

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A seal of a key's text. Errors: `SECRET_TOO_SHORT`. */
export function createSeal(keyText: string): Seal {
  if (keyText.trim().length < SHORTEST_KEY) throw new OffstageError("SECRET_TOO_SHORT", `The key for tokens has fewer than ${SHORTEST_KEY} characters.`, { hint: "Make one: openssl rand -base64 32" });
  const key = Buffer.from(hkdfSync("sha256", keyText.trim(), "offstage tokens", "seal", 32));
  // Tells a wrong key from a damaged file.
  const keyId = createHash("sha256").update(Buffer.from(hkdfSync("sha256", keyText.trim(), "offstage tokens", "id", 32))).digest("hex").slice(0, 8);
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(`${VERSION} ${about}`));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `${JSON.stringify({ offstage: "sealed", version: VERSION, key: keyId, nonce: nonce.toString("base64"), sealed: sealed.toString("base64") })}\n`;
    },
    open(sealed, about, at) {
      const document = parse(sealed);
      if (document === null) throw damaged(at);
      if (document.version > VERSION) throw unreadable(`${at} was written by a newer version`, "Update Offstage.");
      if (document.key !== keyId) throw unreadable(`${at} was sealed with another key (${document.key}; this one is ${keyId})`, `Put the key back that it was sealed with, or delete the file and log in again.`);
      try {
        const bytes = Buffer.from(document.sealed, "base64");
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(document.nonce, "base64")).setAAD(Buffer.from(`${document.version} ${about}`));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
      } catch {
        throw damaged(at);
      }
    },
  };
}

interface SealedDocument {
  readonly version: number;
  readonly key: string;
  readonly nonce: string;
  readonly sealed: string;
}

function parse(text: string): SealedDocument | null {
  try {
    const document = JSON.parse(text) as Partial<SealedDocument & { readonly offstage: string }> | null;
    const fits = document?.offstage === "sealed" && typeof document.version === "number" && /^[0-9a-f]{8}$/.test(String(document.key)) && typeof document.nonce === "string" && typeof document.sealed === "string";
    return fits ? (document as SealedDocument) : null;
  } catch {
    return null;
  }
}

function damaged(at: string): OffstageError {
  return unreadable(`${at} is damaged, or was not written by Offstage`, "Restore it from a backup, or delete it and log in again.");
}

function unreadable(message: string, hint: string): OffstageError {
  return new OffstageError("TOKENS_UNREADABLE", `The kept tokens cannot be opened: ${message}.`, { hint });
}
