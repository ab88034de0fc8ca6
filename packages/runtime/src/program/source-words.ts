/** How much of an expression is shown. */
const MOST = 100;
const OPENING = "([{";
const CLOSING = ")]}";

/**
 * The text of the expression that begins at an offset (UTF-16 units), on one line: up to the comma, semicolon, bracket or colon behind it. For people: a bracket in a
 * regular expression may end it too early or too late.
 */
export function expressionText(source: string, at: number): string {
  let depth = 0;
  let end = at;
  for (; end < source.length; end++) {
    const char = source.charAt(end);
    if (char === '"' || char === "'" || char === "`") end = closingQuote(source, end);
    else if (OPENING.includes(char)) depth += 1;
    else if (CLOSING.includes(char)) depth -= 1;
    if (depth < 0 || (depth === 0 && (char === "," || char === ";"))) break;
  }
  const text = source.slice(at, end).trim().replaceAll(/\s+/g, " ");
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
}

function closingQuote(source: string, from: number): number {
  const quote = source.charAt(from);
  for (let at = from + 1; at < source.length; at++) {
    if (source.charAt(at) === "\\") at += 1;
    else if (source.charAt(at) === quote) return at;
  }
  return source.length;
}
