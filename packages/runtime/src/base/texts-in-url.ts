/** Shorter pieces occur by chance. */
const SHORTEST_PIECE = 8;

/** What whoever decodes a URL sees of a text in it: in its path, and in its query, where a plus is a blank. What is no escape stays; none where there is none. */
export function urlDecoded(text: string): readonly string[] {
  const texts = [text, text.replaceAll("+", " ")].map((each) => each.replace(/(?:%[0-9a-f]{2})+/gi, unescaped));
  return [...new Set(texts)].filter((each) => each !== text && each.trim().length >= SHORTEST_PIECE);
}

function unescaped(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

/**
 * What the URL standard makes of a text in a path, a query, a fragment or a password: who shows a URL that was parsed shows that. It encodes fewer
 * characters than others do, takes `\` for `/`, and ends the path of a text with a `?` in it there.
 */
export function textsInUrl(text: string): readonly string[] {
  const pieces = ["/a", "/?a", "/#a"].flatMap((before) => {
    const { href, origin, pathname, search, hash } = new URL(`http://h${before}${text}z`);
    const rest = href.slice(origin.length);
    const whole = rest.slice(rest.startsWith(before) ? before.length : 1, -1);
    return before === "/a" && `${search}${hash}` !== "" ? [whole, pathname.replace(/^\/a?/, "")] : [whole];
  });
  const url = new URL("http://h");
  url.password = text;
  return [...pieces, url.password].filter((piece) => piece.length >= SHORTEST_PIECE);
}
