import { textsInUrl, urlDecoded } from "./texts-in-url.ts";
import { textsOfSecret } from "./secret-texts.ts";

const encoder = new TextEncoder();

/** Columns at which base64 is broken: in PEM, and in MIME and by `base64`. */
const BASE64_COLUMNS: readonly number[] = [64, 76];

/** A shorter end of wrapped base64 says too little to be looked for. */
const SHORTEST_PIECE = 12;

/**
 * The texts in which a secret can turn up: raw, whole and line by line; as JSON escapes it, once to three times, in the ways of
 * JavaScript, Python, PHP, Go and .NET; in base64 and base64url at each of the three alignments (so inside `user:token` too), and
 * broken into lines; in hex; its bytes read as if each were a character; URL-encoded, once and twice, with `/` and without, and as parsed URLs show it; with HTML's entities.
 * One that is URL-encoded itself (it is written so where a URL is made of it) also as whoever decodes it tells it, in the same ways.
 */
export function formsOfSecret(secret: string): ReadonlySet<string> {
  const forms = new Set<string>([secret]);
  for (const each of [secret, ...urlDecoded(secret)]) addForms(each.toWellFormed(), forms);
  return forms;
}

function addForms(secret: string, forms: Set<string>): void {
  const { wholes, lines } = textsOfSecret(secret);
  for (const text of [...wholes, ...lines]) {
    forms.add(text);
    for (const form of jsonForms(text)) forms.add(form);
    for (const form of urlForms(text)) forms.add(form);
    for (const form of htmlForms(text)) forms.add(form);
  }
  for (const text of wholes) for (const form of binaryForms(encoder.encode(text))) forms.add(form);
}

function jsonForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = escapeUnits(json, /[^\x20-\x7e]/g);
  // Python's repr and Node's inspect, within the other quote.
  const unquoted = json.replaceAll(String.raw`\"`, '"');
  const ways = [
    unquoted, unquoted.replaceAll("'", String.raw`\'`),
    json, ascii, escapeSlashes(json), escapeSlashes(ascii),
    // Go's encoding/json, and its templates.
    escapeUnits(json, /[<>&\u2028\u2029]/g), escapeUnits(json, /[<>&'+\u2028\u2029]/g), escapeUnits(ascii, /[<>&'+=]/g),
    // .NET writes upper case, and the quote as a number too.
    escapeUnits(unquoted, /[<>&'+"`]|[^\x20-\x7e]/g).replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`),
  ];
  return [...new Set(ways)].flatMap((escaped) => {
    const twice = JSON.stringify(escaped).slice(1, -1);
    return [escaped, twice, JSON.stringify(twice).slice(1, -1)];
  });
}

function escapeUnits(text: string, which: RegExp): string {
  return text.replace(which, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function escapeSlashes(text: string): string {
  return text.replaceAll("/", String.raw`\/`);
}

function urlForms(text: string): readonly string[] {
  const plain = encodeURIComponent(text);
  const strict = percentEncode(plain, /[!'()*]/g);
  const ways = [plain, strict, percentEncode(strict, /~/g), percentEncode(plain, /[!'()~]/g)];
  const spaced = ways.flatMap((way) => [way, way.replaceAll("%20", "+")]);
  // Python's `quote` and paths keep the slashes.
  const all = [...spaced, ...spaced.map((way) => way.replaceAll("%2F", "/")), encodeURI(text), ...textsInUrl(text)];
  const cased = [...new Set(all)].flatMap((way) => [way, way.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
  return [...cased, ...cased.map((way) => way.replaceAll("%", "%25"))];
}

function percentEncode(text: string, which: RegExp): string {
  return text.replace(which, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** How the escapers of Python, of JavaScript's and PHP's libraries, of Go, and those that follow OWASP write the five characters. */
const ENTITIES: readonly Readonly<Record<string, string>>[] = [
  { '"': '"', "'": "'" },
  { '"': "&quot;", "'": "'" },
  { '"': "&quot;", "'": "&#x27;" },
  { '"': "&quot;", "'": "&#39;" },
  { '"': "&quot;", "'": "&#039;" },
  { '"': "&#34;", "'": "&#39;" },
  { '"': "&#34;", "'": "&#39;", "+": "&#43;" },
  { '"': "&quot;", "'": "&#x27;", "/": "&#x2F;" },
  { '"': "&quot;", "'": "&#39;", "/": "&#x2F;", "`": "&#x60;", "=": "&#x3D;" },
];

function htmlForms(text: string): readonly string[] {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return ENTITIES.map((entities) => escaped.replace(/["'+/`=]/g, (character) => entities[character] ?? character));
}

function binaryForms(bytes: Uint8Array): readonly string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = base64Forms(bytes).flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_"), escapeSlashes(form), ...urlForms(form)]);
  return [hex, hex.toUpperCase(), byteText(bytes), ...base64];
}

/** Whole and padded as it stands alone; for each alignment, the characters that the secret alone decides; broken into lines. */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const alone = toBase64(bytes);
  const forms = [alone, alone.replace(/=+$/, "")];
  for (const before of [0, 1, 2]) {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const decidedBits = shifted.length * 8;
    forms.push(toBase64(shifted).slice(Math.ceil((before * 8) / 6), Math.floor(decidedBits / 6)));
  }
  for (const columns of BASE64_COLUMNS) {
    for (let at = 0; alone.length > columns && at < alone.length; at += columns) {
      const line = alone.slice(at, at + columns);
      if (line.length >= SHORTEST_PIECE) forms.push(line);
    }
  }
  return forms;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(byteText(bytes));
}

/** A character a byte: what is seen where UTF-8 is taken for Latin-1. */
function byteText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
