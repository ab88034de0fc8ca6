import { JqlFault, scanJql } from "./jql-scan.ts";
import type { JqlToken } from "./jql-scan.ts";

/** The operators that this Jira knows. */
export type JqlOperator = "=" | "!=" | "~" | "!~" | "in" | "not in";

/** A condition of a query. */
export type JqlCondition =
  | { readonly kind: "and" | "or"; readonly parts: readonly JqlCondition[] }
  | { readonly kind: "clause"; readonly field: string; readonly operator: JqlOperator; readonly values: readonly string[] };

/** A field of ORDER BY. */
export interface JqlOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** A query as written; `condition` is null when it has only an ORDER BY, or nothing. */
export interface JqlQuery {
  readonly condition: JqlCondition | null;
  readonly order: readonly JqlOrder[];
}

/** What parsing gives: a query, or the message that Jira answers with status 400. */
export type JqlParsed = { readonly ok: true; readonly query: JqlQuery } | { readonly ok: false; readonly message: string };

const KEYWORDS = new Set(["and", "or", "not", "in", "is", "was", "changed", "order", "by", "empty", "null"]);
const MAX_DEPTH = 100;

/** Reads the subset of JQL that the demo needs; everything else is refused in Jira's words. */
export function parseJql(text: string): JqlParsed {
  try {
    return { ok: true, query: parseQuery(new Cursor(text)) };
  } catch (error) {
    if (error instanceof JqlFault) return { ok: false, message: error.message };
    throw error;
  }
}

/** The tokens and where we are in them. */
class Cursor {
  readonly #text: string;
  readonly #tokens: readonly JqlToken[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = scanJql(text);
  }

  peek(): JqlToken {
    return this.#tokens[this.#next] ?? { kind: "end", at: this.#text.length };
  }

  take(): JqlToken {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  takeKeyword(keyword: string): boolean {
    const token = this.peek();
    const found = token.kind === "word" && !token.quoted && token.text.toLowerCase() === keyword;
    if (found) this.#next += 1;
    return found;
  }

  takeSymbol(symbol: string): boolean {
    const token = this.peek();
    const found = token.kind === "symbol" && token.text === symbol;
    if (found) this.#next += 1;
    return found;
  }

  expected(what: string, token: JqlToken): JqlFault {
    const got = token.kind === "end" ? "the end of the query" : `'${token.text}'`;
    return new JqlFault(this.#text, token.at, `Expecting ${what} but got ${got}.`);
  }

  fault(token: JqlToken, message: string): JqlFault {
    return new JqlFault(this.#text, token.at, message);
  }
}

function parseQuery(cursor: Cursor): JqlQuery {
  const first = cursor.peek();
  const bare = first.kind === "end" || (first.kind === "word" && !first.quoted && first.text.toLowerCase() === "order");
  const condition = bare ? null : parseEither(cursor, 0);
  const order = cursor.takeKeyword("order") ? parseOrder(cursor) : [];
  const rest = cursor.peek();
  if (rest.kind !== "end") throw cursor.expected("either 'OR' or 'AND'", rest);
  return { condition, order };
}

function parseEither(cursor: Cursor, depth: number): JqlCondition {
  const parts = [parseBoth(cursor, depth)];
  while (cursor.takeKeyword("or")) parts.push(parseBoth(cursor, depth));
  return onlyOrAll("or", parts);
}

function parseBoth(cursor: Cursor, depth: number): JqlCondition {
  const parts = [parsePart(cursor, depth)];
  while (cursor.takeKeyword("and")) parts.push(parsePart(cursor, depth));
  return onlyOrAll("and", parts);
}

function onlyOrAll(kind: "and" | "or", parts: readonly JqlCondition[]): JqlCondition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

function parsePart(cursor: Cursor, depth: number): JqlCondition {
  const open = cursor.peek();
  if (!cursor.takeSymbol("(")) return parseClause(cursor);
  if (depth >= MAX_DEPTH) throw cursor.fault(open, "The query is nested too deeply.");
  const inner = parseEither(cursor, depth + 1);
  if (!cursor.takeSymbol(")")) throw cursor.expected("')'", cursor.peek());
  return inner;
}

function parseClause(cursor: Cursor): JqlCondition {
  const field = parseName(cursor, "a field name").toLowerCase();
  const operator = parseOperator(cursor);
  const list = operator === "in" || operator === "not in";
  const values = list ? parseList(cursor) : [parseName(cursor, "a value")];
  return { kind: "clause", field, operator, values };
}

function parseOperator(cursor: Cursor): JqlOperator {
  if (cursor.takeKeyword("in")) return "in";
  const token = cursor.take();
  if (token.kind === "word" && !token.quoted && token.text.toLowerCase() === "not" && cursor.takeKeyword("in")) return "not in";
  if (token.kind === "symbol") {
    if (token.text === "=" || token.text === "!=" || token.text === "~" || token.text === "!~") return token.text;
    if (/^[<>]/.test(token.text)) throw cursor.fault(token, `This Jira emulator has no operator '${token.text}'.`);
  }
  throw cursor.expected("an operator", token);
}

function parseList(cursor: Cursor): readonly string[] {
  if (!cursor.takeSymbol("(")) throw cursor.expected("'('", cursor.peek());
  const values = [parseName(cursor, "a value")];
  while (cursor.takeSymbol(",")) values.push(parseName(cursor, "a value"));
  if (!cursor.takeSymbol(")")) throw cursor.expected("either ')' or ','", cursor.peek());
  return values;
}

function parseName(cursor: Cursor, what: string): string {
  const token = cursor.take();
  if (token.kind !== "word") throw cursor.expected(what, token);
  if (!token.quoted && KEYWORDS.has(token.text.toLowerCase())) {
    throw cursor.fault(token, `'${token.text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query.`);
  }
  return token.text;
}

function parseOrder(cursor: Cursor): readonly JqlOrder[] {
  if (!cursor.takeKeyword("by")) throw cursor.expected("'BY'", cursor.peek());
  const order: JqlOrder[] = [];
  do {
    const field = parseName(cursor, "a field name").toLowerCase();
    const descending = cursor.takeKeyword("desc");
    if (!descending) cursor.takeKeyword("asc");
    order.push({ field, descending });
  } while (cursor.takeSymbol(","));
  return order;
}
