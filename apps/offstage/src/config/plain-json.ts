/**
 * JSON as VS Code and Zed write it (comments, a comma after the last item) as plain JSON. Blanks take their place, so that every
 * other character keeps its offset. Linear, whatever is left open.
 */
export function plainJson(text: string): string {
  let plain = "";
  let copied = 0;
  const blank = (start: number, end: number): void => {
    plain += text.slice(copied, start) + text.slice(start, end).replace(/[^\r\n]/g, " ");
    copied = end;
  };
  // A comment after it is blanked only once it is known whether the comma goes too.
  let comma = -1;
  const comments: (readonly [start: number, end: number])[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const end = commentEnd(text, at);
    if (end !== at) {
      comments.push([at, end]);
      at = end - 1;
    } else if (!/\s/.test(char)) {
      if (comma !== -1 && (char === "}" || char === "]")) blank(comma, comma + 1);
      for (const [from, to] of comments.splice(0)) blank(from, to);
      comma = char === "," ? at : -1;
      if (char === '"') at = stringEnd(text, at);
    }
  }
  for (const [from, to] of comments) blank(from, to);
  return plain + text.slice(copied);
}

/** Where the comment that begins here ends; `start` when none does. */
function commentEnd(text: string, start: number): number {
  if (text[start] !== "/") return start;
  const kind = text[start + 1];
  if (kind !== "/" && kind !== "*") return start;
  const end = kind === "/" ? text.indexOf("\n", start) : text.indexOf("*/", start + 2);
  if (end === -1) return text.length;
  return kind === "/" ? end : end + 2;
}

/** Where the last character of the string that begins here is. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
