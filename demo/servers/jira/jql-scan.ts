/** One token of a JQL text; `at` is the offset of its first character. */
export type JqlToken =
  | { readonly kind: "word"; readonly text: string; readonly quoted: boolean; readonly at: number }
  | { readonly kind: "symbol"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly at: number };

/** A fault in a JQL text; its message is what Jira answers. Never leaves the JQL files: `parseJql` makes a value of it. */
export class JqlFault extends Error {
  constructor(text: string, at: number, message: string) {
    const before = text.slice(0, at).split("\n");
    super(`Error in the JQL Query: ${message} (line ${before.length}, character ${(before.at(-1) ?? "").length + 1})`);
  }
}

const SYMBOLS = ["!=", "!~", ">=", "<=", "=", "~", ">", "<", "(", ")", ","] as const;
const RESERVED = /[+.;?|*/%^$#@[\]{}&!\\`]/;
const ESCAPES: Readonly<Record<string, string>> = { "'": "'", '"': '"', t: "\t", n: "\n", r: "\r", "\\": "\\", " ": " " };

/** Splits a JQL text into tokens; throws JqlFault where Jira would complain about characters. */
export function scanJql(text: string): JqlToken[] {
  const tokens: JqlToken[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
    if (symbol !== undefined) {
      tokens.push({ kind: "symbol", text: symbol, at });
      at += symbol.length;
      continue;
    }
    const word = char === '"' || char === "'" ? scanQuoted(text, at) : scanBare(text, at);
    tokens.push({ kind: "word", text: word.text, quoted: word.quoted, at });
    at = word.end;
  }
  tokens.push({ kind: "end", at: text.length });
  return tokens;
}

interface Scanned {
  readonly text: string;
  readonly quoted: boolean;
  readonly end: number;
}

function scanBare(text: string, start: number): Scanned {
  let end = start;
  while (end < text.length && !/[\s=~<>(),"']/.test(text.charAt(end))) {
    const char = text.charAt(end);
    if (char === "!" && /[=~]/.test(text.charAt(end + 1))) break;
    if (RESERVED.test(char)) {
      const code = char.charCodeAt(0).toString(16).padStart(4, "0");
      throw new JqlFault(text, end, `The character '${char}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${code}' instead.`);
    }
    end += 1;
  }
  return { text: text.slice(start, end), quoted: false, end };
}

function scanQuoted(text: string, start: number): Scanned {
  const quote = text.charAt(start);
  let value = "";
  let at = start + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === quote) return { text: value, quoted: true, end: at + 1 };
    if (char !== "\\") {
      value += char;
      at += 1;
      continue;
    }
    const escape = scanEscape(text, at);
    value += escape.text;
    at = escape.end;
  }
  throw new JqlFault(text, start, `The quoted string '${value}' has not been completed.`);
}

function scanEscape(text: string, at: number): { readonly text: string; readonly end: number } {
  const next = text.charAt(at + 1);
  const plain = ESCAPES[next];
  if (plain !== undefined) return { text: plain, end: at + 2 };
  const hex = text.slice(at + 2, at + 6);
  if (next === "u" && /^[0-9a-fA-F]{4}$/.test(hex)) return { text: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 6 };
  throw new JqlFault(text, at, `'\\${next}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX.`);
}
