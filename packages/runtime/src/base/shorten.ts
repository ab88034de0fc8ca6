/** Cuts a text to at most `length` UTF-16 units, marking the cut with `…`; never through the middle of a character. For messages. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = Math.max(0, length - 1);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${text.slice(0, end)}…`;
}
