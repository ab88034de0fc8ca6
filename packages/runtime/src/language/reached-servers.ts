/** A server's part of the generated `#servers`: its constant, and the namespace with the types of its tools. */
const SERVER = /^export declare const (\w+): \1\.Server;\nexport declare namespace \1 \{\n[^]*?^\}\n/gm;

/** Gives the servers' types as far as texts can reach them. */
export type ReachedServers = (texts: readonly string[]) => string;

/**
 * The types of servers whose name no text has are left out, but for the name itself: of twenty servers a workflow uses three,
 * and the compiler reads the others for nothing. An escape could spell a name in another way; then all are there.
 */
export function createReachedServers(serverTypes: string): ReachedServers {
  const parts: (string | { readonly name: string; readonly text: string })[] = [];
  let end = 0;
  for (const { index, 0: text, 1: name = "" } of serverTypes.matchAll(SERVER)) {
    parts.push(serverTypes.slice(end, index), { name, text });
    end = index + text.length;
  }
  parts.push(serverTypes.slice(end));
  return (texts) => {
    const all = texts.some((text) => text.includes("\\u"));
    const words = new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
    return parts.map((part) => (typeof part === "string" ? part : all || words.has(part.name) ? part.text : `export declare const ${part.name}: unknown;\n`)).join("");
  };
}
