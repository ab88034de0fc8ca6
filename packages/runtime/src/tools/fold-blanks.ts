/** Blank lines in a row that stay. */
const LINES = 2;
/** White space within a line, in a row: as long as it stays. */
const SPACES = /[^\S\n]{80,}/g;

/**
 * Lines as a person is to read them before they say yes: of long runs of blank ones, and of white space within one, it is said how long they
 * are. They would push what follows out of sight. `isBlank`: for lines that have something of ours before their text.
 */
export function foldBlanks(lines: readonly string[], isBlank = (line: string): boolean => line.trim() === ""): readonly string[] {
  let blank = 0;
  return lines.flatMap((line, at) => {
    blank = isBlank(line) ? blank + 1 : 0;
    if (blank <= LINES) return [line.replace(SPACES, (run) => ` … ${run.length} spaces … `)];
    const next = lines[at + 1];
    return next !== undefined && isBlank(next) ? [] : [`… ${blank - LINES} more blank ${blank - LINES === 1 ? "line" : "lines"} …`];
  });
}
