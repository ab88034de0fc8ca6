import { freeName } from "./free-name.ts";
import { OffstageError } from "./errors.ts";
import { type Data, UnsafeInteger } from "./json.ts";
import { formsOfSecret } from "./secret-forms.ts";
import { createSecretSearch, type SecretSearch } from "./secret-search.ts";

/** Shorter texts occur by chance; replacing them would garble everything and still hide nothing. */
const SHORTEST_SECRET = 8;

/** Of one name: a renewal brings three at most, and who still has an older one has nothing. */
const MOST_PASSING = 32;

/** Keeps secrets out of texts: each is registered before it is first used, and every text is passed through before it is kept or shown. */
export interface Redactor {
  /**
   * From now on `secret` is replaced by `[redacted NAME]`, a long one of several lines also line by line. Register what is derived from it too (base64 of `user:token`).
   * Errors: `SECRET_TOO_SHORT` under 8 characters, white space around it not counted.
   */
  register(secret: string, name: string): void;
  /**
   * The same for a secret that others will follow under this name, a token that is renewed: only the newest 32 of a name are replaced
   * for ever on, so that a process of months holds no thousands of them. What still counts has to be registered again with each new one.
   */
  registerPassing(secret: string, name: string): void;
  /** From now on whatever begins with this text, and goes on with letters, digits and `._-`, is replaced: secrets of one making, too many to know. Only as they are. */
  registerBeginning(beginning: string, name: string): void;
  /** Replaces every registered secret: raw, JSON-escaped, base64, base64url, URL-encoded, with HTML entities, in hex. The same text when there is none. */
  redact(text: string): string;
  /** Redacts all strings, and the names of members. The same object when nothing was found. */
  redactData(data: Data): Data;
}

/** A redactor that knows no secret yet; as long as it knows none it costs nothing. */
export function createRedactor(): Redactor {
  const lasting = new Map<string, string>();
  /** Whose forms are there already: making them, and the search for all, takes its time. */
  const registered = new Set<string>();
  /** By name, the newest last. */
  const passing = new Map<string, Map<string, ReadonlySet<string>>>();
  const beginnings = new Map<string, string>();
  let search: SecretSearch | null = null;
  let numeric = false;

  const knowsNone = (): boolean => lasting.size + passing.size + beginnings.size === 0;
  const redact = (text: string): string => {
    if (knowsNone()) return text;
    search ??= createSecretSearch(allForms(lasting, passing));
    return replaceBeginnings(replaceAll(text, search), beginnings);
  };
  const redactNumber = <T extends number | UnsafeInteger>(value: T): T | string => {
    const digits = value instanceof UnsafeInteger ? (value.digits ?? "") : String(value);
    const redacted = numeric ? redact(digits) : digits;
    return redacted === digits ? value : redacted;
  };
  const redactData = (data: Data): Data => {
    if (knowsNone()) return data;
    if (typeof data === "string") return redact(data);
    if (typeof data === "number" || data instanceof UnsafeInteger) return redactNumber(data);
    if (typeof data !== "object" || data === null) return data;
    return Array.isArray(data) ? redactItems(data as readonly Data[], redactData) : redactMembers(data as { readonly [key: string]: Data }, redact, redactData);
  };

  const changed = (secret: string): void => {
    numeric ||= /^-?\d/.test(secret.trim());
    search = null;
  };

  return {
    register(secret, name) {
      if (registered.has(secret)) return;
      for (const form of formsOf(secret, name)) if (!lasting.has(form)) lasting.set(form, name);
      registered.add(secret);
      changed(secret);
    },
    registerPassing(secret, name) {
      const forms = formsOf(secret, name);
      const own = passing.get(name) ?? new Map<string, ReadonlySet<string>>();
      passing.set(name, own);
      own.delete(secret);
      own.set(secret, forms);
      for (const oldest of own.keys()) if (own.size > MOST_PASSING) own.delete(oldest);
      changed(secret);
    },
    registerBeginning: (beginning, name) => void beginnings.set(beginning, name),
    redact,
    redactData,
  };
}

function replaceBeginnings(text: string, beginnings: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [beginning, name] of beginnings) {
    const [first = "", ...rest] = result.split(beginning);
    if (rest.length > 0) result = first + rest.map((part) => `[redacted ${name}]${part.replace(/^[\w.-]+/, "")}`).join("");
  }
  return result;
}

/** The texts to look for; throws when the secret is too short for that. */
function formsOf(secret: string, name: string): ReadonlySet<string> {
  const trimmed = secret.trim();
  if (trimmed.length < SHORTEST_SECRET) {
    throw new OffstageError("SECRET_TOO_SHORT", `The secret ${name} has fewer than ${SHORTEST_SECRET} characters: it could not be kept out of texts.`, {
      hint: "Use a longer secret, or list the value as a plain setting if it is none.",
    });
  }
  return new Set([...formsOfSecret(trimmed), ...formsOfSecret(secret)]);
}

function allForms(lasting: ReadonlyMap<string, string>, passing: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>): ReadonlyMap<string, string> {
  const all = new Map(lasting);
  for (const [name, secrets] of passing) for (const forms of secrets.values()) for (const form of forms) if (!all.has(form)) all.set(form, name);
  return all;
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
