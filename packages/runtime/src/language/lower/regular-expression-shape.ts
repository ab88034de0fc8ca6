/** What matters of a piece of a pattern for running it in linear time with JavaScript's meaning. */
interface Shape {
  /** It has a group that captures. */
  readonly captures: boolean;
  readonly mayBeEmpty: boolean;
  /** A group in it may take no part in a match. */
  readonly leavesOut: boolean;
  /** How often RE2 would have to write its innermost part out. */
  readonly copies: number;
}

/** RE2's bound for counted repetitions, nested ones multiplied. */
const MAX_COPIES = 1000;
const MAX_DEPTH = 90;
const CHARACTER: Shape = { captures: false, mayBeEmpty: false, leavesOut: false, copies: 1 };
const NOTHING: Shape = { ...CHARACTER, mayBeEmpty: true };

class Refused extends Error {}

/** Why a pattern cannot run in linear time with JavaScript's meaning; null when it can. A malformed pattern is TypeScript's to tell. */
export function refusalOfPattern(source: string): string | null {
  const reader = new ShapeReader(source);
  try {
    reader.choice();
    return null;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.message;
    throw thrown;
  }
}

class ShapeReader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  choice(): Shape {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Refused("The groups of this pattern nest too deeply.");
    const options = [this.#sequence()];
    while (this.#take(/\|/y) !== null) options.push(this.#sequence());
    this.#depth -= 1;
    const captures = options.some((option) => option.captures);
    return {
      captures, mayBeEmpty: options.some((option) => option.mayBeEmpty),
      leavesOut: (captures && options.length > 1) || options.some((option) => option.leavesOut), copies: Math.max(...options.map(({ copies }) => copies)),
    };
  }

  #sequence(): Shape {
    let whole = NOTHING;
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source.charAt(this.#at))) {
      const part = this.#repeated(this.#part());
      whole = {
        captures: whole.captures || part.captures, mayBeEmpty: whole.mayBeEmpty && part.mayBeEmpty,
        leavesOut: whole.leavesOut || part.leavesOut, copies: Math.max(whole.copies, part.copies),
      };
    }
    return whole;
  }

  #part(): Shape {
    const rest = this.#source.slice(this.#at, this.#at + 8);
    if (/^\(\?<?[=!]/.test(rest)) throw new Refused("Look-around cannot be matched in linear time.");
    if (/^\(\?(?!:|<)/.test(rest)) throw new Refused("Flags inside a pattern do not belong to the language.");
    if (this.#take(/\^|\$|\\b|\\B/y) !== null) return NOTHING;
    if (rest.startsWith("(")) return this.#group();
    if (rest.startsWith("\\")) return this.#escape(rest);
    if (rest.startsWith("[")) this.#class();
    else this.#at += 1;
    return CHARACTER;
  }

  #group(): Shape {
    const opening = this.#take(/\((?:\?:|\?<([^>]*)>)?/y);
    const name = opening?.[1];
    if (name !== undefined && !/^[A-Za-z_$][\w$]*$/.test(name)) throw new Refused("The name of a group must be a plain word.");
    const body = this.choice();
    this.#at += 1;
    return opening?.[0] === "(?:" ? body : { ...body, captures: true };
  }

  #escape(rest: string): Shape {
    if (/^\\(?:[1-9]|0\d|k)/.test(rest)) throw new Refused("A back-reference cannot be matched in linear time.");
    if (/^\\(?:[pP]\{|u\{|c(?![A-Za-z]))/.test(rest)) throw new Refused("This escape needs a flag that the language does not have.");
    this.#at += 2;
    return CHARACTER;
  }

  /** In a class only escapes matter. */
  #class(): void {
    this.#at += 1;
    while (this.#at < this.#source.length && this.#source.charAt(this.#at) !== "]") {
      const rest = this.#source.slice(this.#at, this.#at + 8);
      if (rest.startsWith("\\")) this.#escape(rest);
      else this.#at += 1;
    }
    this.#at += 1;
  }

  #repeated(part: Shape): Shape {
    const quantifier = this.#take(/(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y);
    if (quantifier === null) return part;
    const [, sign, from, comma, to] = quantifier;
    const min = sign === undefined ? Number(from) : sign === "+" ? 1 : 0;
    const max = sign === "?" ? 1 : sign !== undefined || to === "" ? Infinity : comma === undefined ? min : Number(to);
    const copies = part.copies * (sign !== undefined ? 1 : Math.max(1, max === Infinity ? min : max));
    if (copies > MAX_COPIES) throw new Refused(`A pattern can be repeated ${MAX_COPIES} times at most, repetitions inside one another multiplied.`);
    if (max > 1 && part.captures && (part.mayBeEmpty || part.leavesOut)) {
      throw new Refused("A group inside a repetition may take no part in its last turn: JavaScript forgets then what it captured, and others do not. Repeat a `(?:…)`, and capture around it.");
    }
    return { ...part, mayBeEmpty: part.mayBeEmpty || min === 0, leavesOut: part.leavesOut || (min === 0 && part.captures), copies };
  }

  /** Takes what a sticky pattern matches here. */
  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at += match[0].length;
    return match;
  }
}
