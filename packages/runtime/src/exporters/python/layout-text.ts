import type { Document } from "./document.ts";
import { escaped } from "./literals.ts";

/** Texts, and between them what stands in braces, as it is printed. */
export type TextParts = readonly (string | { readonly braces: string })[];

/** A text over as many lines as it has, in three quotes; null where Python would read another one, or a line ends with what nobody sees. */
export function blockText(parts: TextParts): string | null {
  const text = parts.map((part) => (typeof part === "string" ? part : "x")).join("");
  if (text.includes('"""') || text.endsWith('"') || /[ \t]$/m.test(text)) return null;
  const isFormatted = parts.some((part) => typeof part !== "string");
  const lines = (part: string): string => part.split("\n").map((line) => doubled(escaped(line, '"').replaceAll('\\"', '"'), isFormatted)).join("\n");
  return `${isFormatted ? "f" : ""}"""${parts.map((part) => (typeof part === "string" ? lines(part) : `{${part.braces}}`)).join("")}"""`;
}

/** A formatted text that is too long for a line, as several one below the other, between words; null where one has a quote in it. */
export function brokenText(parts: TextParts, whole: string): Document | null {
  if (!whole.startsWith('f"') || parts.some((part) => typeof part === "string" && part.includes('"'))) return null;
  const words = parts.flatMap((part): TextParts => (typeof part === "string" ? (part.match(/\s*\S*\s*/g) ?? []).filter((word) => word !== "") : [part]));
  return { kind: "pieces", text: whole, pieces: (first, others) => piecesOf(words, first, others) };
}

function piecesOf(words: TextParts, first: number, others: number): readonly string[] {
  const pieces: string[] = [];
  let piece: TextParts = [];
  for (const word of words) {
    const longer = [...piece, word];
    if (piece.length > 0 && printed(longer).length > (pieces.length === 0 ? first : others)) {
      pieces.push(printed(piece));
      piece = [word];
    } else piece = longer;
  }
  return [...pieces, printed(piece)];
}

function printed(parts: TextParts): string {
  const isFormatted = parts.some((part) => typeof part !== "string");
  return `${isFormatted ? "f" : ""}"${parts.map((part) => (typeof part === "string" ? doubled(escaped(part, '"'), isFormatted) : `{${part.braces}}`)).join("")}"`;
}

function doubled(text: string, isFormatted: boolean): string {
  return isFormatted ? text.replace(/[{}]/g, "$&$&") : text;
}
