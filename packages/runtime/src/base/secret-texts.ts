/** Lines from here up are looked for on their own; shorter ones occur by chance. UTF-16 units. */
const SHORTEST_LINE = 12;

/** A line break; in a variable, or in a document that holds a key, it is often written out as `\n`. */
const LINE_BREAK = /\r\n|\r|\n|\\r\\n|\\n/;

/** What stands around a key says nothing of it, and stands around public keys too. */
const ARMOUR = /^-----(?:BEGIN|END) [^-]*-----$/;

/** A secret as texts: whole, with every kind of line break and with none; and each line that is long enough, because servers print line by line. */
export function textsOfSecret(secret: string): { readonly wholes: readonly string[]; readonly lines: readonly string[] } {
  const parts = secret.split(LINE_BREAK);
  if (parts.length === 1) return { wholes: [secret], lines: [] };
  const wholes = new Set([secret, parts.join("\n"), parts.join("\r\n")]);
  const joined = parts.join("");
  if (joined.length >= SHORTEST_LINE) wholes.add(joined);
  const lines = parts.map((line) => line.trim()).filter((line) => line.length >= SHORTEST_LINE && !ARMOUR.test(line));
  return { wholes: [...wholes], lines: [...new Set(lines)] };
}
