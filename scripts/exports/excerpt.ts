/** What of a file is shown. Lines that are left out are counted. */
export interface Excerpt {
  readonly file: RegExp;
  readonly language: string;
  /** The line that it begins with: the first one of the file, where nothing is said. */
  readonly from?: RegExp;
  /** The first line behind it. */
  readonly until?: RegExp;
  /** It says the same of every workflow: the first one shows it. */
  readonly once?: true;
}

/** The part of a text, as a fenced block under the file's path. Throws where a line is not there, so that a document does not lose what it was to show. */
export function excerptOf(path: string, text: string, { language, from, until }: Excerpt): string {
  const lines = text.trimEnd().split("\n");
  const begin = from === undefined ? 0 : lines.findIndex((line) => from.test(line));
  if (begin === -1) throw new Error(`No line of ${path} is like ${String(from)}.`);
  const behind = until === undefined ? -1 : lines.findIndex((line, index) => index > begin && until.test(line));
  if (until !== undefined && behind === -1) throw new Error(`No line of ${path} is like ${String(until)}.`);
  let end = behind === -1 ? lines.length : behind;
  while (lines[end - 1]?.trim() === "") end -= 1;
  const shown = [...leftOut(begin, language), ...lines.slice(begin, end), ...leftOut(lines.length - end, language)];
  return `\`${path}\`\n\n\`\`\`${language}\n${shown.join("\n")}\n\`\`\``;
}

function leftOut(count: number, language: string): readonly string[] {
  if (count === 0) return [];
  const text = `… ${String(count)} ${count === 1 ? "line" : "lines"}`;
  return [language === "ts" ? `// ${text}` : language === "json" ? text : `# ${text}`];
}
