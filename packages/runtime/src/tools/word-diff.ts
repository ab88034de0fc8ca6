/** A part of a text: in both versions, only in the old one, or only in the new one. */
export interface TextPart {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
}

/** Between texts that differ in more words than this, all of what differs is shown as gone and new. */
const MOST_WORDS = 600;

/** What became of a text, word by word: joined, the parts that are not new are the old text, those that are not gone the new one. */
export function diffWords(before: string, after: string): readonly TextPart[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const middle = diffMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return joined([{ kind: "same", text: old.slice(0, head).join("") }, ...middle, { kind: "same", text: old.slice(old.length - tail).join("") }]);
}

/** Words with the space before them, so that nothing of a text is lost. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\s*[\p{L}\p{N}_]+|\s*[^\p{L}\p{N}_\s]|\s+$/gu) ?? [];
}

function diffMiddle(old: readonly string[], now: readonly string[]): readonly TextPart[] {
  if (old.length > MOST_WORDS || now.length > MOST_WORDS) return [{ kind: "gone", text: old.join("") }, { kind: "new", text: now.join("") }];
  const common = longestCommon(old, now);
  const parts: TextPart[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < now.length) {
    const [word, other] = [old[at], now[to]];
    if (word !== undefined && word === other) {
      parts.push({ kind: "same", text: word });
      at += 1;
      to += 1;
    } else if (word !== undefined && (other === undefined || length(common, at + 1, to) >= length(common, at, to + 1))) {
      parts.push({ kind: "gone", text: word });
      at += 1;
    } else {
      parts.push({ kind: "new", text: other ?? "" });
      to += 1;
    }
  }
  return parts;
}

/** Row i, column j: how many words the ends from there have in common. */
function longestCommon(old: readonly string[], now: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let to = now.length - 1; to >= 0; to -= 1) {
      const row = rows[at];
      if (row !== undefined) row[to] = old[at] === now[to] ? length(rows, at + 1, to + 1) + 1 : Math.max(length(rows, at + 1, to), length(rows, at, to + 1));
    }
  }
  return rows;
}

function length(rows: readonly Uint16Array[], at: number, to: number): number {
  return rows[at]?.[to] ?? 0;
}

/** What is gone stands before what is new in its place; parts of one kind are one. */
function joined(parts: readonly TextPart[]): readonly TextPart[] {
  const made: TextPart[] = [];
  let [gone, added] = ["", ""];
  const flush = (): void => {
    if (gone !== "") made.push({ kind: "gone", text: gone });
    if (added !== "") made.push({ kind: "new", text: added });
    [gone, added] = ["", ""];
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "gone") gone += text;
    else if (kind === "new") added += text;
    else {
      flush();
      const last = made.at(-1);
      if (last?.kind === "same") made[made.length - 1] = { kind, text: last.text + text };
      else made.push({ kind, text });
    }
  }
  flush();
  return made;
}
