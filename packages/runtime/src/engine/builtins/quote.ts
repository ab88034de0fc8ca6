import { typeError } from "../failure.ts";

/**
 * `quote.*`: a text as part of another system's text, where it stays data whatever is in it. `jql`, `graphql` and `sql`
 * give the literal with its quotes; the others give what to put in place.
 */
export const QUOTES: { readonly [name: string]: (text: string) => string } = {
  /** A JQL string in double quotes: `\` and `"` escaped, line ends and other control characters as escapes. */
  "quote.jql": (text) => `"${escapeQuoted(text)}"`,
  /** A GraphQL string in double quotes: the escapes of JSON. */
  "quote.graphql": (text) => `"${escapeQuoted(text)}"`,
  /** A standard SQL string: `'` doubled. NUL, which no database takes, is refused. */
  "quote.sql": (text) => {
    if (text.includes("\0")) throw typeError("quote.sql: a text with a NUL character cannot be an SQL string.");
    return `'${text.replaceAll("'", "''")}'`;
  },
  /** Text for HTML, in elements and quoted attributes. */
  "quote.html": (text) => text.replace(/[&<>"']/g, (char) => HTML[char] ?? char),
  /** One component of a URL; also escapes `! ' ( ) *`, which encodeURIComponent leaves. */
  "quote.url": (text) => encodeComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
  /** Slack's mrkdwn: `&`, `<` and `>` are the only characters that must be escaped. */
  "quote.slack": (text) => text.replace(/[&<>]/g, (char) => HTML[char] ?? char),
  /** One line of Markdown: every mark escaped with `\`, line ends as spaces, so that no text can begin a block. */
  "quote.markdown": (text) => text.replace(/\r\n|[\r\n\u2028\u2029]/g, " ").replace(/[\\`*_{}[\]()<>#+\-.!|~&$^:"'=@]/g, (char) => MARKDOWN_PLAIN.has(char) ? char : `\\${char}`),
};

const HTML: { readonly [char: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Marks that mean something only together with others that are escaped. */
const MARKDOWN_PLAIN: ReadonlySet<string> = new Set([":", '"', "'", "=", "@", "^", "$"]);

function escapeQuoted(text: string): string {
  return text.replace(/["\\\u0000-\u001f\u007f\u2028\u2029]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const ESCAPES: { readonly [char: string]: string } = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** encodeURIComponent, whose URIError for half a surrogate pair is a TYPE_ERROR here. */
export function encodeComponent(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw typeError("A text with half a surrogate pair cannot be part of a URL.");
  }
}
