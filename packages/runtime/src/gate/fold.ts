/**
 * A text as a generous server might read it: without case, width, composition, white space and characters that are not seen. Letters of other scripts that only look alike stay
 * other letters.
 */
export function fold(text: string): string {
  const composed = text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
  return composed.replaceAll(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, "");
}
