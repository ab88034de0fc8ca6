import type { PyExpression, PyStatement } from "./tree.ts";

/** A step of a printed module: its site as the Python runtime counts it, and that of the Program. */
export interface PrintedSite {
  readonly python: string;
  readonly program: string;
}

/**
 * Sites in the order of the text: what is called, as it is written, and its count. The Python runtime derives the same from the syntax tree of
 * the text. They differ from the Program's where a function that holds steps had to be put before the statement that uses it.
 */
export function sitesIn(body: readonly PyStatement[]): readonly PrintedSite[] {
  const found: PrintedSite[] = [];
  const counts = new Map<string, number>();
  const note = (written: string, program: string): void => {
    const count = (counts.get(written) ?? 0) + 1;
    counts.set(written, count);
    found.push({ python: `${written}#${String(count)}`, program });
  };
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    if ("kind" in node && node.kind === "conditional") return [part(node, "then"), part(node, "test"), part(node, "otherwise")].forEach(visit);
    if ("site" in node && typeof node.site === "string") {
      if ("callee" in node) note(writtenIn(node.callee as PyExpression), node.site);
      // Turns matter only to what waits in them.
      else if (waits(part(node, "body"))) note("for", node.site);
    }
    Object.values(node).forEach(visit);
  };
  visit(body);
  return found;
}

function waits(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return ("kind" in node && node.kind === "await") || Object.values(node).some(waits);
}

function part(node: object, name: string): unknown {
  return (node as { readonly [name: string]: unknown })[name];
}

/** What is called: names and dots, without what is between parentheses. */
function writtenIn(callee: PyExpression): string {
  if (callee.kind === "attribute") return `${writtenIn(callee.value)}.${callee.name}`;
  if (callee.kind === "call") return writtenIn(callee.callee);
  return callee.kind === "name" ? callee.name : "…";
}
