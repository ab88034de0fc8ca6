import { RegExpValue } from "./value.ts";
import { compileRegex, type EncodedText, type RegexProgram } from "../regexp/index.ts";

/** A pattern that the checker admitted, as a value. */
export function compileRegexp(source: string, flags: string): RegExpValue {
  return new Regexp(source, flags, compileRegex(source, flags));
}

/** One match, in UTF-16 units of the original text. `groups[0]` is the whole match. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

/** A regular expression of the program. As in JavaScript each evaluation of a literal makes one, and `g` gives it a place to go on from. */
export class Regexp extends RegExpValue {
  readonly source: string;
  readonly flags: string;
  readonly program: RegexProgram;
  readonly global: boolean;
  lastIndex = 0;

  constructor(source: string, flags: string, program: RegexProgram) {
    super();
    this.source = source;
    this.flags = flags;
    this.program = program;
    this.global = flags.includes("g");
  }

  /** Whether there is a match at or after `from`. */
  test(text: string): boolean {
    if (this.global) {
      const match = this.lastIndex > text.length ? null : this.scan(text)(this.lastIndex);
      this.lastIndex = match?.end ?? 0;
      return match !== null;
    }
    const encoded = this.program.encode(text);
    if (encoded.back === null) return this.program.re2(encoded).test(encoded.text);
    return this.#scanEncoded(text, encoded)(0) !== null;
  }

  /** A function from an offset to the first match at or after it. */
  scan(text: string): (from: number) => RegexMatch | null {
    return this.#scanEncoded(text, this.program.encode(text));
  }

  /** All matches, as `g` finds them: after an empty one the search goes on one unit later. */
  all(text: string, from = 0): RegexMatch[] {
    const next = this.scan(text);
    const matches: RegexMatch[] = [];
    for (let at = from; at <= text.length; ) {
      const match = next(at);
      if (match === null) break;
      matches.push(match);
      at = match.end === match.start ? match.end + 1 : match.end;
    }
    return matches;
  }

  #scanEncoded(text: string, encoded: EncodedText): (from: number) => RegexMatch | null {
    const { back, forth } = encoded;
    const matcher = this.program.re2(encoded).matcher(encoded.text);
    const original = (offset: number): number => (back === null ? offset : (back[offset] as number));
    const count = this.program.syntax.groups;
    return (from) => {
      let at = forth === null ? from : (forth[from] as number);
      while (matcher.find(at)) {
        const start = original(matcher.start());
        if (start === -1) {
          at = matcher.start() + 1;
          continue;
        }
        const groups: (string | undefined)[] = [];
        for (let group = 0; group <= count; group++) {
          const begin = matcher.start(group);
          groups.push(begin < 0 ? undefined : text.slice(original(begin), original(matcher.end(group))));
        }
        return { start, end: original(matcher.end()), groups };
      }
      return null;
    };
  }
}
