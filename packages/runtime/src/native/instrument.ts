import { type Mark, type Program, walkNodes } from "../program/index.ts";
import { turningLoops } from "./turning-loops.ts";

/** The text of a module that tells at which site of its Program it is. */
export interface Instrumented {
  readonly text: string;
  /** What it imports from each module, besides types. */
  readonly imports: { readonly [from in "offstage" | "#servers"]: readonly string[] };
  /** What it imports of its owner's own code, by module. */
  readonly own: ReadonlyMap<string, readonly string[]>;
  /** The workflows that it imports, by name. */
  readonly workflows: readonly string[];
}

/** A change of the text: `drop` units at an offset are replaced. */
interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly text: string;
  /** Order of those at one offset: what ends there comes before what begins, the inner end and the outer beginning first. */
  readonly rank: number;
}

/** Longer than any module. */
const FAR = Number.MAX_SAFE_INTEGER;

/** What edits are made with. */
interface Marking {
  readonly source: string;
  /** Begins every name that is added; no name of the text begins with it. */
  readonly prefix: string;
  readonly turning: ReadonlySet<string>;
}

/** What is added to a module, each behind a prefix of its own. */
const OWN = ["at", "turns", "text", "operator", "sign", "index", "caught"];

/**
 * Marks a module for a native run: `once(…)` becomes `$at("once#1", once)(…)`, what a loop goes through `$turns("for#1", …)`,
 * and a handler begins with `$caught(…)`; templates and operators are given what the language gives them, by `$text(…)`, `$operator(…)`, `$sign(…)` and `$index(…)`. Lines stay where they are; what runs is the same text otherwise.
 */
export function instrument(program: Program): Instrumented {
  const { source, marks = [] } = program.debug;
  const marking: Marking = { source, prefix: freePrefix(source), turning: turningLoops(program) };
  const own = OWN.map((name) => `$${name} as ${marking.prefix}${name}`);
  // What the library's own JSON would round or leave out.
  const shadowed = namesJson(program) ? ["JSON"] : [];
  const text = applyEdits(source, marks.flatMap((mark) => editsOf(mark, marking)));
  return {
    text: `${text}\nimport { ${[...own, ...shadowed].join(", ")} } from "offstage";\n`,
    imports: { offstage: [...importsOf(marks, "offstage"), ...OWN.map((name) => `$${name}`), ...shadowed], "#servers": importsOf(marks, "#servers") },
    own: ownOf(marks),
    workflows: marks.flatMap((mark) => (mark.kind === "workflow" ? [mark.name] : [])),
  };
}

function importsOf(marks: readonly Mark[], from: "offstage" | "#servers"): readonly string[] {
  return [...new Set(marks.flatMap((mark) => (mark.kind === "import" && mark.from === from ? mark.names : [])))];
}

/** Of a module that is imported twice, all names that any of its imports has. */
function ownOf(marks: readonly Mark[]): Instrumented["own"] {
  const own = new Map<string, readonly string[]>();
  for (const mark of marks) if (mark.kind === "own") own.set(mark.module, [...new Set([...(own.get(mark.module) ?? []), ...mark.names])]);
  return own;
}

function freePrefix(source: string): string {
  let prefix = "$";
  while (source.includes(prefix)) prefix += "$";
  return prefix;
}

function namesJson(program: Program): boolean {
  let found = false;
  walkNodes(program, (node) => {
    found ||= node.kind === "builtin" && node.name.startsWith("JSON.");
    return !found;
  });
  return found;
}

function editsOf(mark: Mark, { source, prefix, turning }: Marking): readonly Edit[] {
  switch (mark.kind) {
    case "name":
      return around(mark, `${prefix}at(${JSON.stringify(mark.site)}, `);
    case "shorthand":
      return around(mark, `${source.slice(mark.start, mark.end)}: ${prefix}at(${JSON.stringify(mark.site)}, `);
    case "turns":
      return turning.has(mark.site) ? around(mark, `${prefix}turns(${JSON.stringify(mark.site)}, `) : [];
    case "text":
      return around(mark, `${prefix}text(`);
    case "operator": {
      const [opening, closing] = around(mark, `${prefix}operator(${JSON.stringify(mark.operator)}, `);
      return [opening, { at: mark.sign, drop: mark.operator.length, text: ",", rank: 0 }, closing];
    }
    case "sign": {
      const [opening, closing] = around(mark, `${prefix}sign(${JSON.stringify(mark.operator)}, `);
      return [{ ...opening, drop: mark.operator.length }, closing];
    }
    case "index": {
      const [opening] = around(mark, `${prefix}index(`);
      // Behind what ends in the brackets.
      return [opening, { at: mark.bracket, drop: 1, text: ", ", rank: 0 }, { at: mark.end - 1, drop: 1, text: ")", rank: 0 }];
    }
    case "change":
      return [{ at: mark.start, drop: mark.operator.length + 1, text: `= ${prefix}operator(${JSON.stringify(mark.operator)}, ${mark.local}, `, rank: 0 }, { at: mark.end, drop: 0, text: ")", rank: mark.end - mark.start - FAR }];
    case "catch":
      return handled(mark, source, `${prefix}error`, `${prefix}caught(${prefix}error);`);
    case "import":
    case "own":
    case "workflow":
      return [];
  }
}

function around({ start, end }: { readonly start: number; readonly end: number }, opening: string): readonly [opening: Edit, closing: Edit] {
  const length = end - start;
  return [{ at: start, drop: 0, text: opening, rank: FAR - length }, { at: end, drop: 0, text: ")", rank: length - FAR }];
}

/** `catch (pattern) {` becomes `catch ($error) { let pattern = $caught($error);`, and without a pattern the like. */
function handled({ start, end, body }: Extract<Mark, { readonly kind: "catch" }>, source: string, error: string, caught: string): readonly Edit[] {
  if (start === body) return [{ at: body, drop: 1, text: `(${error}) { ${caught}`, rank: 0 }];
  const lines = source.slice(end, body).replace(/[^\n]/g, "");
  return [{ at: start, drop: 0, text: `${error}) { let `, rank: 0 }, { at: end, drop: body + 1 - end, text: ` = ${caught}${lines}`, rank: 0 }];
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  let text = "";
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.at - b.at || a.rank - b.rank)) {
    text += source.slice(from, edit.at) + edit.text;
    from = edit.at + edit.drop;
  }
  return text + source.slice(from);
}
