/** A command of a page, and what the page says that it prints. */
export interface QuotedCommand {
  /** Without `$ `. */
  readonly command: string;
  readonly output: string;
}

/** The commands of a `console` block: lines that begin with `$ `, each with what follows it. */
export function readCommands(block: string): readonly QuotedCommand[] {
  return block
    .split(/^(?=\$ )/m)
    .filter((part) => part.startsWith("$ "))
    .map((part) => {
      const [command = "", ...output] = part.trimEnd().split("\n");
      return { command: command.slice(2), output: output.join("\n") };
    });
}

const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\b(127\.0\.0\.1|localhost):\d+/g, "$1:0"],
  // Instants and lengths of time.
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "0000-00-00T00:00:00Z"],
  [/\b\d+m \d\ds\b/g, "0s"],
  [/\b\d+(\.\d+)?m?s\b/g, "0s"],
  // Ids of runs and plans, and of effects.
  [/\b[0-9a-z]{9}-[0-9a-z]{8}\b/g, "RUN"],
  [/\b[0-9a-f]{12}\b/g, "EFFECT"],
  // Which item of a parallel loop comes first is not told.
  [/\bMDpQ\w+/g, "PULL"],
  [/\bPROD-\d+/g, "PROD-0"],
  [/\/issue\/\d+/g, "/issue/0"],
  [/\bgithub\.add_issue_comment {2}\d+ /g, "github.add_issue_comment  0 "],
  [/issues\/\d+#issuecomment-\d+/g, "issues/0#issuecomment-0"],
  // Columns are as wide as their widest entry.
  [/ {2,}/g, "  "],
];

/** A text without what differs from one run to the next: ports, times, ids, widths of columns. */
export function withoutChanging(text: string): string {
  return CHANGING.reduce((changed, [pattern, instead]) => changed.replace(pattern, instead), text);
}

/**
 * What a page quotes and the real output does not have; null when it has all. Lines that stand together stand together there
 * too; only a line of `…` leaves some out.
 */
export function missingFrom(real: string, quoted: string): string | null {
  const lines = withoutChanging(real).split("\n").map((line) => line.trimEnd());
  const parts = withoutChanging(quoted).split(/^\s*…\s*$/m).map((part) => part.split("\n").map((line) => line.trimEnd()));
  let from = 0;
  for (const part of parts) {
    const wanted = withoutEmptyEnds(part);
    const at = wanted.length === 0 ? from : indexOfLines(lines, wanted, from);
    if (at === -1) return wanted.find((line) => !lines.includes(line, from)) ?? wanted.join("\n");
    from = at + wanted.length;
  }
  return null;
}

function withoutEmptyEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function indexOfLines(lines: readonly string[], wanted: readonly string[], from: number): number {
  for (let at = from; at + wanted.length <= lines.length; at += 1) if (wanted.every((line, index) => lines[at + index] === line)) return at;
  return -1;
}
