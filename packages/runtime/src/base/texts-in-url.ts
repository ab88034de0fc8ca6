/** Shorter pieces occur by chance. */
const SHORTEST_PIECE = 8;

/**
 * What the URL standard makes of a text in a path, a query or a fragment: who shows a URL that was parsed shows that. It encodes fewer
 * characters than others do, takes `\` for `/`, and ends the path of a text with a `?` in it there.
 */
export function textsInUrl(text: string): readonly string[] {
  const pieces = ["/a", "/?a", "/#a"].flatMap((before) => {
    const { href, origin, pathname, search, hash } = new URL(`http://h${before}${text}z`);
    const rest = href.slice(origin.length);
    const whole = rest.slice(rest.startsWith(before) ? before.length : 1, -1);
    return before === "/a" && `${search}${hash}` !== "" ? [whole, pathname.replace(/^\/a?/, "")] : [whole];
  });
  return pieces.filter((piece) => piece.length >= SHORTEST_PIECE);
}
