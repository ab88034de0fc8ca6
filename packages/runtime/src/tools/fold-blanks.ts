/** Blank lines in a row that stay. */
const LINES = 2;
/** White space, and what is as blank as it: fillers, and what a reader is not to see. */
const SPACES = /(?:(?!\n)[\s\p{Default_Ignorable_Code_Point}\u2800]){80,}/gu;
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * Lines as a person is to read them before they say yes: of long runs of blank ones, and of white space within one, it is said how long they
 * are. They would push what follows out of sight. `isBlank`: for lines that have something of ours before their text.
 */
export function foldBlanks(lines: readonly string[], isBlank = isBlankLine): readonly string[] {
  let blank = 0;
  return lines.flatMap((line, at) => {
    blank = isBlank(line) ? blank + 1 : 0;
    if (blank <= LINES) return [line.replace(SPACES, (run) => ` … ${Array.from(run).length} spaces … `)];
    const next = lines[at + 1];
    return next !== undefined && isBlank(next) ? [] : [`… ${blank - LINES} more blank ${blank - LINES === 1 ? "line" : "lines"} …`];
  });
}

/** Whether nothing of a line is seen. */
export function isBlankLine(line: string): boolean {
  return BLANK.test(line);
}
