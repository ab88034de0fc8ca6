import { ALL, type CharSet, DIGITS, ignoreCase, invert, normalise, SPACE, TERMINATORS, WORD } from "./char-set.ts";

/** A regular expression, read as JavaScript reads it without `u`. */
export type RegexNode =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assert"; readonly what: "start" | "end" | "word" | "not-word" }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly options: readonly RegexNode[] }
  | { readonly kind: "group"; readonly capture: number | null; readonly body: RegexNode }
  | { readonly kind: "repeat"; readonly min: number; readonly max: number; readonly lazy: boolean; readonly body: RegexNode };

/** What {@link parseRegex} found. `names[n]` names group n. */
export interface RegexSyntax {
  readonly root: RegexNode;
  readonly groups: number;
  readonly names: readonly (string | null)[];
}

/** Thrown for what the language refuses or RE2 cannot do. */
export class RegexFault extends Error {}

/** Reads the source of a regular expression literal. Throws {@link RegexFault}. */
export function parseRegex(source: string, flags: string): RegexSyntax {
  const parser = new RegexParser(source, flags);
  const root = parser.choice();
  if (!parser.atEnd) throw new RegexFault("an unmatched )");
  return { root, groups: parser.names.length - 1, names: parser.names };
}

const CONTROL: { readonly [letter: string]: number } = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };

class RegexParser {
  readonly names: (string | null)[] = [null];
  readonly #source: string;
  readonly #ignoreCase: boolean;
  readonly #dotAll: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#ignoreCase = flags.includes("i");
    this.#dotAll = flags.includes("s");
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(): RegexNode {
    this.#depth += 1;
    if (this.#depth > 100) throw new RegexFault("groups nested more than 100 deep");
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    this.#depth -= 1;
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (!this.atEnd && this.#source[this.#at] !== "|" && this.#source[this.#at] !== ")") parts.push(this.#term());
    return { kind: "sequence", parts };
  }

  #term(): RegexNode {
    const assertion = this.#assertion();
    if (assertion !== null) {
      if (this.#quantifier() !== null) throw new RegexFault("a repeated assertion");
      return assertion;
    }
    const body = this.#atom();
    const count = this.#quantifier();
    if (count === null) return body;
    return { kind: "repeat", ...count, body };
  }

  #assertion(): RegexNode | null {
    if (this.#take("^")) return { kind: "assert", what: "start" };
    if (this.#take("$")) return { kind: "assert", what: "end" };
    if (this.#take("\\b")) return { kind: "assert", what: "word" };
    if (this.#take("\\B")) return { kind: "assert", what: "not-word" };
    return null;
  }

  #quantifier(): { readonly min: number; readonly max: number; readonly lazy: boolean } | null {
    const range = this.#range();
    if (range === null) return null;
    const [min, max] = range;
    if (max < min) throw new RegexFault("numbers out of order in a quantifier");
    return { min, max, lazy: this.#take("?") };
  }

  #range(): readonly [number, number] | null {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at, this.#at + 40));
    if (braces === null) return null;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    if (braces[2] === undefined) return [min, min];
    return [min, braces[3] === "" ? Infinity : Number(braces[3])];
  }

  #atom(): RegexNode {
    if (this.#take("(")) return this.#group();
    if (this.#take("[")) return this.#class();
    if (this.#take(".")) return { kind: "set", set: this.#dotAll ? ALL : invert(TERMINATORS) };
    if (this.#take("\\")) return this.#cased(this.#escape(false));
    const char = this.#source.charCodeAt(this.#at);
    if (char === 0x2a || char === 0x2b || char === 0x3f) throw new RegexFault("nothing to repeat");
    this.#at += 1;
    return this.#cased([[char, char]]);
  }

  #cased(set: CharSet): RegexNode {
    return { kind: "set", set: this.#ignoreCase ? ignoreCase(set) : set };
  }

  #group(): RegexNode {
    let capture: number | null = null;
    if (this.#take("?:")) capture = null;
    else if (/^\?<?[=!]/.test(this.#source.slice(this.#at, this.#at + 3))) throw new RegexFault("look-around");
    else if (this.#take("?<")) capture = this.#named();
    else if (this.#take("?")) throw new RegexFault("an unknown group");
    else capture = this.names.push(null) - 1;
    const body = this.choice();
    if (!this.#take(")")) throw new RegexFault("an unterminated group");
    return { kind: "group", capture, body };
  }

  #named(): number {
    const end = this.#source.indexOf(">", this.#at);
    const name = this.#source.slice(this.#at, end);
    if (end === -1 || !/^[A-Za-z_$][\w$]*$/.test(name)) throw new RegexFault("a group name that is no identifier");
    if (this.names.includes(name)) throw new RegexFault(`two groups named ${name}`);
    this.#at = end + 1;
    return this.names.push(name) - 1;
  }

  #escape(inClass: boolean): CharSet {
    if (this.atEnd) throw new RegexFault("a \\ at the end");
    const letter = this.#source[this.#at] as string;
    this.#at += 1;
    switch (letter) {
      case "d": return DIGITS;
      case "D": return invert(DIGITS);
      case "w": return WORD;
      case "W": return invert(WORD);
      case "s": return SPACE;
      case "S": return invert(SPACE);
      default: return single(this.#escapedUnit(letter, inClass));
    }
  }

  #escapedUnit(letter: string, inClass: boolean): number {
    if (letter === "b" && inClass) return 8;
    if (letter === "k" && this.#source.includes("(?<")) throw new RegexFault("a back-reference");
    if (/[1-9]/.test(letter) || (letter === "0" && /[0-9]/.test(this.#source[this.#at] ?? ""))) throw new RegexFault("a back-reference");
    // Without the flag these are a p and a u, which nobody means.
    if (/[pP]/.test(letter) || (letter === "u" && this.#source[this.#at] === "{")) throw new RegexFault(`\\${letter}{…}, which needs the flag u`);
    if (letter === "x") return this.#hex(2) ?? 0x78;
    if (letter === "u") return this.#hex(4) ?? 0x75;
    if (letter === "c") {
      const control = this.#source[this.#at] ?? "";
      if (!/[A-Za-z]/.test(control)) throw new RegexFault("a \\c without its letter");
      this.#at += 1;
      return control.charCodeAt(0) % 32;
    }
    return Object.hasOwn(CONTROL, letter) ? (CONTROL[letter] as number) : letter.charCodeAt(0);
  }

  #hex(digits: number): number | null {
    const text = this.#source.slice(this.#at, this.#at + digits);
    if (text.length !== digits || !/^[0-9A-Fa-f]+$/.test(text)) return null;
    this.#at += digits;
    return Number.parseInt(text, 16);
  }

  #class(): RegexNode {
    const negated = this.#take("^");
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take("]")) {
      if (this.atEnd) throw new RegexFault("an unterminated class");
      ranges.push(...this.#classRange());
    }
    const set = normalise(ranges);
    const cased = this.#ignoreCase ? ignoreCase(set) : set;
    return { kind: "set", set: negated ? invert(cased) : cased };
  }

  #classRange(): CharSet {
    const low = this.#classAtom();
    if (this.#source[this.#at] !== "-" || this.#source[this.#at + 1] === "]" || this.#at + 1 >= this.#source.length) return low;
    this.#at += 1;
    const high = this.#classAtom();
    const [from, to] = [unitOf(low), unitOf(high)];
    if (from === null || to === null) return [...low, ...single(0x2d), ...high];
    if (to < from) throw new RegexFault("a range out of order in a class");
    return [[from, to]];
  }

  #classAtom(): CharSet {
    if (this.#take("\\")) return this.#escape(true);
    const unit = this.#source.charCodeAt(this.#at);
    this.#at += 1;
    return single(unit);
  }
}

function single(unit: number): CharSet {
  return [[unit, unit]];
}

/** The unit of a set of one; null for `\d` and its like. */
function unitOf(set: CharSet): number | null {
  const [only] = set;
  return set.length === 1 && only !== undefined && only[0] === only[1] ? only[0] : null;
}
