/** What a rule may be proven by, each by the numbers of the rules that it is the case of. */
export interface RuleProofs {
  /** Numbers that cases cite which run: on the interpreter and natively. */
  readonly runs: readonly string[];
  /** Numbers that rows of the document's tables and its examples cite: they are compiled. */
  readonly compiled: readonly string[];
  /** Rules that are about checking alone: what is compiled is enough, and no run can show them. */
  readonly checked: readonly string[];
  /** Rules about what is around a run (commands, editors, other processes), and the test that is their case. */
  readonly beside: Readonly<Record<string, { readonly file: string; readonly test: string }>>;
  /** Numbers that are not given again. */
  readonly retired: readonly string[];
  /** The text of a test file; null when there is none. */
  readonly textOf: (file: string) => string | null;
}

/** A numbered rule of the document. */
export interface Rule {
  readonly number: string;
  /** A row of a table whose refusal is compiled. */
  readonly isRefusal: boolean;
}

const MARK = /^(?:- |\| )?\*\*(\d+\.\d+)(?:\*\*| )/;
const REFUSAL = /^\| \*\*[\d.]+\*\* \| (`+).+?\1 \| `[A-Z_]+`(?: \(warning\))? \|/;

/** The numbered rules of a document, in its order. */
export function readRules(markdown: string): readonly Rule[] {
  return markdown.split("\n").flatMap((line) => {
    const number = MARK.exec(line)?.[1];
    return number === undefined ? [] : [{ number, isRefusal: REFUSAL.test(line) }];
  });
}

/** All that is wrong between the rules of a document and their cases, each as a line for whoever has to mend it. */
export function ruleFaults(markdown: string, proofs: RuleProofs): readonly string[] {
  const rules = readRules(markdown);
  const known = new Set(rules.map(({ number }) => number));
  const cited = [...proofs.runs, ...proofs.compiled, ...proofs.checked, ...Object.keys(proofs.beside)];
  return [
    ...placeFaults(markdown),
    ...[...new Set(cited)].filter((number) => !known.has(number)).map((number) => `${number} is cited and does not exist`),
    ...proofs.retired.filter((number) => known.has(number)).map((number) => `${number} was another rule once: take the next number of its section`),
    ...rules.flatMap((rule) => caseFault(rule, proofs) ?? []),
  ];
}

function caseFault({ number, isRefusal }: Rule, { runs, compiled, checked, beside, textOf }: RuleProofs): string | null {
  const test = beside[number];
  if (runs.includes(number)) return test !== undefined || checked.includes(number) ? `${number} has a case that runs: take it out of conformance/rules.ts` : null;
  if (test !== undefined) return textOf(test.file)?.includes(test.test) === true ? null : `${number}: ${test.file} has no test "${test.test}"`;
  if (isRefusal || checked.includes(number)) return compiled.includes(number) ? null : `${number} has no example that is compiled`;
  return `${number} has no case that runs`;
}

/** Rules that stand twice, or in another section than their number says. */
function placeFaults(markdown: string): readonly string[] {
  const seen = new Set<string>();
  let section = "";
  return markdown.split("\n").flatMap((line) => {
    section = /^## (\d+)\. /.exec(line)?.[1] ?? section;
    const number = MARK.exec(line)?.[1];
    if (number === undefined) return [];
    const isTwice = seen.has(number);
    seen.add(number);
    return [...(isTwice ? [`${number} stands twice`] : []), ...(number.startsWith(`${section}.`) ? [] : [`${number} stands in section ${section}`])];
  });
}
