/** The file beside a store's that says, without its being opened, that the store was moved to another database. */
export function movedNote(file: string): string {
  return `${file}.moved`;
}
