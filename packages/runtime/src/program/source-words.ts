/** How much of an expression is shown. */
const MOST = 100;
const LAST = 30;
const OPENING = "([{";
const CLOSING = ")]}";

/**
 * The text of the expression that begins at an offset (UTF-16 units), on one line: up to the comma, semicolon, bracket or colon behind it. For people: a quote in a
 * template's own expressions may end it too early or too late.
 */
export function expressionText(source: string, at: number): string {
  let depth = 0;
  let end = at;
  for (; end < source.length; end++) {
    const char = source.charAt(end);
    if (char === '"' || char === "'" || char === "`") end = closingQuote(source, end);
    else if (char === "/" && isPattern(source, at, end)) end = closingSlash(source, end);
    else if (OPENING.includes(char)) depth += 1;
    else if (CLOSING.includes(char)) depth -= 1;
    if (depth < 0 || (depth === 0 && (char === "," || char === ";"))) break;
  }
  const text = source.slice(at, end).trim().replaceAll(/\s+/g, " ");
  // What stands at the end may turn it all round: `… || true`.
  return text.length <= MOST ? text : `${text.slice(0, MOST - LAST)} … ${text.slice(-LAST)}`;
}

function closingQuote(source: string, from: number): number {
  const quote = source.charAt(from);
  for (let at = from + 1; at < source.length; at++) {
    if (source.charAt(at) === "\\") at += 1;
    else if (source.charAt(at) === quote) return at;
  }
  return source.length;
}

/** A slash begins a regular expression where no value stands before it. */
function isPattern(source: string, from: number, at: number): boolean {
  const before = source.slice(Math.max(from, at - LAST), at).trimEnd();
  return before === "" || /[([{,;=:!&|?+\-*%<>~^]$|\b(return|await|typeof)$/.test(before);
}

function closingSlash(source: string, from: number): number {
  let isClass = false;
  for (let at = from + 1; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === "\\") at += 1;
    else if (char === "[") isClass = true;
    else if (char === "]") isClass = false;
    else if (char === "/" && !isClass) return at;
    else if (char === "\n") return from;
  }
  return from;
}
