import { soundsSecret } from "./secret-names.ts";

/** A text without the credentials that it held. */
export interface Masked {
  /** Passwords taken out, queries and fragments of URLs too; what says where is still there. */
  readonly shown: string;
  /** The URLs in it, shown in the same way. */
  readonly urls: readonly string[];
  /** What was taken out and is a credential, as it stood there and percent-decoded. */
  readonly credentials: readonly string[];
}

const MASK = "***";

/** Takes credentials out of a variable, an argument or a URL: those of URLs, of connection strings, of headers and of JSON. */
export function maskCredentials(text: string): Masked {
  const found = new Set<string>();
  const take = (credential: string): void => {
    for (const each of variantsOf(credential)) found.add(each);
  };
  const parts = splitUrls(text).map((part) => (part.url ? { ...part, text: maskUrl(part.text, take) } : part));
  let shown = maskNamed(parts.map((part) => part.text).join(""), take);
  // Go's MySQL driver: user:password@tcp(host:3306)/db.
  shown = shown.replace(/^([^\s:@/]+):(\S+)@(?=\w*\()/, (_, user: string, password: string) => (take(password), `${user}@`));
  return { shown, urls: parts.filter((part) => part.url).map((part) => maskNamed(part.text, take)), credentials: [...found] };
}

function maskNamed(text: string, take: (credential: string) => void): string {
  let shown = text;
  for (const [pattern, write] of NAMED) {
    shown = shown.replace(pattern, (whole, name: string, between: string, value: string) => {
      if (value === "" || value === MASK || !soundsSecret(name)) return whole;
      take(value);
      return write(name, between);
    });
  }
  return shown.replace(/\b(Bearer|Basic)\s+([\w.~+/=-]{6,})/gi, (_, scheme: string, value: string) => (take(`${scheme} ${value}`), `${scheme} ${MASK}`));
}

/** A name, what is between, and a value: fields of JSON; settings, whose value ends with its quote, or with `;`, `&`, a comma or white space; flags, where no variable of a shell follows; headers. */
const NAMED: readonly (readonly [pattern: RegExp, write: (name: string, between: string) => string])[] = [
  [/"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g, (name, between) => `"${name}"${between}"${MASK}"`],
  [/([A-Za-z][\w-]{0,63}(?: [A-Za-z]\w{0,31})?)(\s?=\s?)("[^"]*"|'[^']*'|\{[^}]*\}|[^;&,\s"'{}]+)/g, (name, between) => `${name}${between}${MASK}`],
  [/(?<!\S)(--?[A-Za-z][\w-]{0,63})(\s{1,8})("[^"]*"|'[^']*'|[^\s"'$%-][^\s"']*)/g, (name, between) => `${name}${between}${MASK}`],
  [/([A-Za-z][\w-]{0,63})(:\s+)((?:Bearer\s+|Basic\s+)?[^\s,;"']+)/gi, (name, between) => `${name}${between}${MASK}`],
];

/** A credential as it stands, without quotes, decoded, without its scheme; and the password of Basic credentials. */
function variantsOf(credential: string): readonly string[] {
  const bare = credential.replace(/^(["'])(.*)\1$/s, "$2").replace(/^\{(.*)\}$/s, "$1");
  const [, scheme = "", value = ""] = /^(Bearer|Basic)\s+(.*)$/is.exec(bare) ?? [];
  const password = scheme.toLowerCase() === "basic" ? splitOnce(Buffer.from(value, "base64").toString("utf8"), /:/)[1] : "";
  return [bare, jsonText(bare), percentDecoded(bare), value, password].filter((each) => each !== "");
}

interface Part {
  readonly text: string;
  readonly url: boolean;
}

const SCHEME = /[a-z][a-z0-9+.-]{0,31}:\/\//gi;

/** Where URLs are in a text: each ends before the next one, with white space, or with the quote that stands before it. */
function splitUrls(text: string): readonly Part[] {
  const starts = [...text.matchAll(SCHEME)].map((match) => match.index);
  const parts: Part[] = [{ text: text.slice(0, starts[0] ?? text.length), url: false }];
  for (const [index, start] of starts.entries()) {
    const stretch = text.slice(start, starts[index + 1] ?? text.length);
    const quote = text.charAt(start - 1);
    const end = stretch.search(/["'`]/.test(quote) ? new RegExp(String.raw`[\s${quote}]`) : /\s/);
    const separator = index + 1 < starts.length && end === -1 ? (/[,;|]+$/.exec(stretch)?.[0].length ?? 0) : 0;
    const length = end === -1 ? stretch.length - separator : end;
    parts.push({ text: stretch.slice(0, length), url: true }, { text: stretch.slice(length), url: false });
  }
  return parts;
}

/** As long as no person's name is, and as tokens are. */
const TOKEN_LENGTH = 20;

/** `postgres://ada:p/w#@host/db?key=x` → `postgres://ada@host/db`. A password ends with the last `@`: people forget to encode it. */
function maskUrl(url: string, take: (credential: string) => void): string {
  const [, scheme = "", rest = ""] = /^([^:]+:\/\/)(.*)$/s.exec(url) ?? [];
  const at = endOfUser(rest);
  const user = rest.slice(0, Math.max(at, 0));
  const [place, query] = splitOnce(rest.slice(at + 1), /[?#]/);
  for (const pair of query.split(/[&;#]/)) {
    const [name, value] = splitOnce(pair, /=/);
    if (value !== "" && soundsSecret(name)) take(value);
  }
  if (at < 0) return `${scheme}${place}`;
  const [name, password] = splitOnce(user, /:/);
  if (password !== "") take(password);
  if (password !== "" || name.length < TOKEN_LENGTH || name.includes("@")) return `${scheme}${name}@${place}`;
  take(name);
  return `${scheme}${MASK}@${place}`;
}

/** Where the `@` before the host is; -1 when the URL begins with its host. */
function endOfUser(rest: string): number {
  const authority = rest.split(/[/?#]/, 1)[0] ?? "";
  const isHost = !authority.includes("@") && /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(authority);
  if (isHost) return -1;
  // An @ in a query is no end of a password, unless there is no other.
  const query = rest.search(/\?[\w.%-]+=/);
  const before = rest.slice(0, query === -1 ? rest.length : query).lastIndexOf("@");
  return before === -1 ? rest.lastIndexOf("@") : before;
}

function splitOnce(text: string, at: RegExp): readonly [string, string] {
  const index = text.search(at);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function jsonText(escaped: string): string {
  try {
    return String(JSON.parse(`"${escaped}"`));
  } catch {
    return escaped;
  }
}
