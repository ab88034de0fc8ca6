import type { Diagnostic, Fix } from "../base/index.ts";
import type { DiagnosticCode } from "./diagnostic-codes.ts";
import { ts } from "./typescript.ts";

/** A piece of the source, UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the rules put what they find. */
export interface Faults {
  error(where: ts.Node | Span, code: DiagnosticCode, message: string, hint: string, fix?: Fix | null): void;
  warning(where: ts.Node | Span, code: DiagnosticCode, message: string, hint: string, fix?: Fix | null): void;
  /** Whether a fault of that code was found: what follows from it is not told too. */
  has(code: DiagnosticCode): boolean;
  /** What was found, in source order, without doubles, with the fix that it was told or that `fixOf` knows; TypeScript's own where we say nothing ourselves at the same place, with a hint where `hintOf` knows one. */
  all(typescript: readonly ts.Diagnostic[], fixOf?: (code: string, node: ts.Node) => Fix | null, hintOf?: (fault: ts.Diagnostic) => string | null): readonly Diagnostic[];
}

/** More than these are noise: a file with so many is not a workflow yet. */
const MAX_FAULTS = 200;

/** Collects the faults of one file; `file` is the name that people know. */
export function createFaults(file: string, source: ts.SourceFile): Faults {
  const found = new Map<string, Diagnostic>();
  const starts = new Set<number>();
  const nodes = new Map<Diagnostic, ts.Node>();

  const place = ({ start, end }: Span): Pick<Diagnostic, "file" | "line" | "column" | "endLine" | "endColumn"> => {
    const from = source.getLineAndCharacterOfPosition(start);
    const to = source.getLineAndCharacterOfPosition(Math.max(start, end));
    return { file, line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
  };
  const add = (severity: Diagnostic["severity"], where: ts.Node | Span, code: string, message: string, hint?: string, fix?: Fix | null): void => {
    const span = "kind" in where ? { start: where.getStart(source), end: where.end } : where;
    const key = `${code}:${span.start}`;
    if (found.has(key) || found.size > MAX_FAULTS) return;
    if (severity === "error") starts.add(span.start);
    const diagnostic: Diagnostic = { code, severity, ...place(span), message, ...(hint === undefined ? {} : { hint }), ...(fix === undefined || fix === null ? {} : { fix }) };
    found.set(key, diagnostic);
    if ("kind" in where) nodes.set(diagnostic, where);
  };

  const has = (wanted: DiagnosticCode): boolean => [...found.values()].some(({ code }) => code === wanted);

  return {
    error: (where, code, message, hint, fix) => add("error", where, code, message, hint, fix),
    warning: (where, code, message, hint, fix) => add("warning", where, code, message, hint, fix),
    has,
    all: (typescript, fixOf, hintOf) => {
      // Without a server's types TypeScript would only complain of what follows from that.
      const shown = has("SERVERS_NOT_LOCKED") ? [] : typescript;
      for (const fault of shown) {
        const { start = 0, length = 0, code, messageText, category } = fault;
        if (category !== ts.DiagnosticCategory.Error || starts.has(start)) continue;
        add("error", nodeAt(source, start, start + length) ?? { start, end: start + length }, `TS${code}`, ts.flattenDiagnosticMessageText(messageText, "\n"), hintOf?.(fault) ?? undefined);
      }
      const sorted = unrepeated([...found.values()].sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1)));
      const told = sorted.slice(0, MAX_FAULTS).map((diagnostic) => {
        const node = nodes.get(diagnostic);
        const fix = diagnostic.fix ?? (node === undefined ? undefined : fixOf?.(diagnostic.code, node));
        return fix === undefined || fix === null ? diagnostic : { ...diagnostic, fix };
      });
      return sorted.length > MAX_FAULTS ? [...told, tooMany(file)] : told;
    },
  };
}

/** What one call would teach is told at the first place that needs it: twenty errors with one cause hide the others. */
function unrepeated(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  const places = Map.groupBy(sorted.filter(({ code }) => code === "UNLEARNT"), ({ message }) => message);
  return sorted.flatMap((diagnostic) => {
    const all = diagnostic.code === "UNLEARNT" ? (places.get(diagnostic.message) ?? []) : [diagnostic];
    if (all[0] !== diagnostic) return [];
    const more = all.length - 1;
    return [more === 0 ? diagnostic : { ...diagnostic, message: `${diagnostic.message} ${more === 1 ? "One more place needs" : `${more} more places need`} it.` }];
  });
}

/** The identifier that stands exactly there, which a fix may be made of. */
function nodeAt(node: ts.Node, start: number, end: number): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node.end === end ? node : undefined;
  return ts.forEachChild(node, (child) => (child.pos <= start && end <= child.end ? nodeAt(child, start, end) : undefined));
}

/** A fault of the whole file, found before there is anything to point at. */
export function fileFault(file: string, code: DiagnosticCode, message: string, hint: string, line = 1, column = 1): Diagnostic {
  return { code, severity: "error", file, line, column, message, hint };
}

function tooMany(file: string): Diagnostic {
  return fileFault(file, "TOO_MANY_FAULTS", `There are more than ${MAX_FAULTS} faults; the rest is not shown.`, "Mend these first, then check again.");
}
