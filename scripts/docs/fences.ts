/** A fenced block of a Markdown page. */
export interface Fence {
  /** The first word after the fence: `ts`, `console`. */
  readonly language: string;
  /** The words after it: what a test is to do with the block. Readers never see them. */
  readonly words: readonly string[];
  readonly text: string;
  /** Where the block's first line stands in the page. */
  readonly line: number;
}

/** All fenced blocks of a page, in order. Throws when one does not end. */
export function readFences(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const info = /^(`{3,})([^`]*)$/.exec(lines[index] ?? "");
    if (info === null) continue;
    const end = lines.indexOf(info[1] ?? "", index + 1);
    if (end === -1) throw new Error(`The block that begins at line ${index + 1} does not end.`);
    const [language = "", ...words] = (info[2] ?? "").split(" ").filter((word) => word !== "");
    fences.push({ language, words, text: lines.slice(index + 1, end).join("\n"), line: index + 2 });
    index = end;
  }
  return fences;
}
