import { freeName } from "./free-name.ts";
import { OffstageError } from "./errors.ts";
import { type Data, UnsafeInteger } from "./json.ts";
import { formsOfSecret } from "./secret-forms.ts";
import { createSecretSearch, type SecretSearch } from "./secret-search.ts";

/** Shorter texts occur by chance; replacing them would garble everything and still hide nothing. */
const SHORTEST_SECRET = 8;

/** Keeps secrets out of texts: each is registered before it is first used, and every text is passed through before it is kept or shown. */
export interface Redactor {
  /**
   * From now on `secret` is replaced by `[redacted NAME]`, a long one of several lines also line by line. Register what is derived from it too (base64 of `user:token`).
   * Errors: `SECRET_TOO_SHORT` under 8 characters, white space around it not counted.
   */
  register(secret: string, name: string): void;
  /** Replaces every registered secret: raw, JSON-escaped, base64, base64url, URL-encoded, with HTML entities, in hex. The same text when there is none. */
  redact(text: string): string;
  /** Redacts all strings, and the names of members. The same object when nothing was found. */
  redactData(data: Data): Data;
}

/** A redactor that knows no secret yet; as long as it knows none it costs nothing. */
export function createRedactor(): Redactor {
  const names = new Map<string, string>();
  let search: SecretSearch | null = null;
  let numeric = false;

  const redact = (text: string): string => {
    if (names.size === 0) return text;
    search ??= createSecretSearch(names);
    return replaceAll(text, search);
  };
  const redactNumber = <T extends number | UnsafeInteger>(value: T): T | string => {
    const digits = value instanceof UnsafeInteger ? (value.digits ?? "") : String(value);
    const redacted = numeric ? redact(digits) : digits;
    return redacted === digits ? value : redacted;
  };
  const redactData = (data: Data): Data => {
    if (names.size === 0) return data;
    if (typeof data === "string") return redact(data);
    if (typeof data === "number" || data instanceof UnsafeInteger) return redactNumber(data);
    if (typeof data !== "object" || data === null) return data;
    return Array.isArray(data) ? redactItems(data as readonly Data[], redactData) : redactMembers(data as { readonly [key: string]: Data }, redact, redactData);
  };

  return {
    register(secret, name) {
      const trimmed = secret.trim();
      if (trimmed.length < SHORTEST_SECRET) {
        throw new OffstageError("SECRET_TOO_SHORT", `The secret ${name} has fewer than ${SHORTEST_SECRET} characters: it could not be kept out of texts.`, {
          hint: "Use a longer secret, or list the value as a plain setting if it is none.",
        });
      }
      for (const form of [...formsOfSecret(trimmed), ...formsOfSecret(secret)]) if (!names.has(form)) names.set(form, name);
      numeric ||= /^-?\d/.test(trimmed);
      search = null;
    },
    redact,
    redactData,
  };
}

/** Matches that overlap are replaced as one stretch, so that no end of the second secret stays visible. */
function replaceAll(text: string, search: SecretSearch): string {
  let found = search.next(text, 0);
  if (found === null) return text;
  let result = "";
  let copied = 0;
  while (found !== null) {
    const { start, name } = found;
    let { end } = found;
    for (;;) {
      found = search.next(text, found.start + 1);
      if (found === null || found.start >= end) break;
      end = Math.max(end, found.end);
    }
    result += `${text.slice(copied, start)}[redacted ${name}]`;
    copied = end;
  }
  return result + text.slice(copied);
}

function redactItems(items: readonly Data[], redactData: (data: Data) => Data): readonly Data[] {
  const redacted = items.map(redactData);
  return redacted.every((item, index) => Object.is(item, items[index])) ? items : redacted;
}

function redactMembers(members: { readonly [key: string]: Data }, redact: (text: string) => string, redactData: (data: Data) => Data): Data {
  const redacted = new Map<string, Data>();
  let changed = false;
  for (const [key, value] of Object.entries(members)) {
    const newKey = redact(key);
    const newValue = redactData(value);
    changed ||= newKey !== key || !Object.is(newValue, value);
    redacted.set(newKey === key ? key : freeName(newKey, (name) => redacted.has(name) || Object.hasOwn(members, name)), newValue);
  }
  return changed ? Object.fromEntries(redacted) : members;
}
