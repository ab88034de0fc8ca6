/** Words that no declaration may be called: TypeScript's own, and what the generated file itself uses. */
const TAKEN = new Set([
  "any", "as", "asserts", "async", "await", "bigint", "boolean", "break", "case", "catch", "class", "const", "continue", "debugger", "declare", "default", "delete",
  "do", "else", "enum", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "infer", "instanceof", "interface", "is",
  "keyof", "let", "module", "namespace", "never", "new", "null", "number", "object", "package", "private", "protected", "public", "readonly", "require", "return",
  "static", "string", "super", "switch", "symbol", "this", "throw", "true", "try", "type", "typeof", "undefined", "unique", "unknown", "var", "void", "while", "with",
  "yield", "arguments", "eval", "globalThis", "constructor", "prototype", "__proto__", "Tool", "ServerBase", "Unlearnt", "Server", "Omit",
]);

/**
 * Letters that names are made of: Latin, Greek, Cyrillic, kana, Han, Hangul as they have been since before any TypeScript.
 * JavaScript's own `ID_Start` may know letters that the checker's tables do not have yet.
 */
const LETTERS = "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u017f\\u0391-\\u03a1\\u03a3-\\u03c9\\u0400-\\u0481\\u048a-\\u04ff\\u3041-\\u3096\\u30a1-\\u30fa\\u4e00-\\u9fa5\\uac00-\\ud7a3";
const NAME = new RegExp(`^[${LETTERS}_$][${LETTERS}0-9_$]*$`);
const BETWEEN_WORDS = new RegExp(`[^${LETTERS}0-9]|(?<=[\\p{Ll}\\d])(?=\\p{Lu})`, "u");

/** True for a name that a declaration of the generated file may have. */
export function isFreeName(name: string): boolean {
  return NAME.test(name) && !TAKEN.has(name);
}

/** A type's name after a tool, an argument, a definition: `list_pull_requests` → `ListPullRequests`. Never empty. */
export function pascalName(text: string): string {
  const words = text.normalize("NFC").split(BETWEEN_WORDS).filter((word) => word !== "");
  const name = words.map((word) => word.replace(/^./u, (first) => first.toUpperCase())).join("");
  return /^\D/.test(name) ? name : `T${name}`;
}

/**
 * The identifier of each server in `#servers`: its own name where it is one, else camel case, else with a number. Depends
 * on the set of names only, and a name that is an identifier never loses it to one that is not.
 */
export function serverIdentifiers(names: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...names].sort();
  const identifiers = new Map<string, string>();
  const taken = new Set(sorted.filter(isFreeName));
  for (const name of sorted) {
    if (isFreeName(name)) {
      identifiers.set(name, name);
    } else {
      const identifier = unused(camelName(name), taken);
      taken.add(identifier);
      identifiers.set(name, identifier);
    }
  }
  return new Map(sorted.map((name) => [name, identifiers.get(name) ?? name]));
}

function camelName(text: string): string {
  const pascal = pascalName(text);
  const name = /^T\d/.test(pascal) ? `_${pascal.slice(1)}` : pascal.replace(/^./u, (first) => first.toLowerCase());
  return isFreeName(name) ? name : `${name}_`;
}

/** The wanted name, or the first with a number behind it that nobody has. */
export function unused(wanted: string, taken: { has(name: string): boolean }): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}${number}`)) number++;
  return `${wanted}${number}`;
}
