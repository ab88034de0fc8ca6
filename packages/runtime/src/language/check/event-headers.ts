import type { Faults } from "../faults.ts";
import { unwrap } from "../lower/literals.ts";
import type { TypeFacts } from "../type-facts.ts";
import { ts } from "../typescript.ts";

/** Refuses a webhook's header by a name that it never has: header names are in lower case, and TypeScript takes any text for one. */
export function checkEventHeaders(source: ts.SourceFile, facts: TypeFacts, faults: Faults): void {
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) check(node);
    ts.forEachChild(node, visit);
  };
  const check = (node: ts.ElementAccessExpression | ts.PropertyAccessExpression): void => {
    const headers = unwrap(node.expression);
    if (!ts.isPropertyAccessExpression(headers) || headers.name.text !== "headers" || !facts.isNamed(headers.expression, "WebhookEvent")) return;
    const key = ts.isPropertyAccessExpression(node) ? node.name : unwrap(node.argumentExpression);
    const text = ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : null;
    if (text === null || text === text.toLowerCase() || (ts.isIdentifier(key) && ts.isElementAccessExpression(node))) return;
    const lower = text.toLowerCase();
    const edit = { start: key.getStart(source), end: key.end, text: ts.isIdentifier(key) ? lower : JSON.stringify(lower) };
    faults.error(key, "EVENT_HEADER", `A webhook has no header ${JSON.stringify(text)}: their names are in lower case.`, `Write ${JSON.stringify(lower)}.`, { title: `Write ${JSON.stringify(lower)}`, edits: [edit] });
  };
  visit(source);
}
