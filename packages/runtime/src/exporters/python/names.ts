/** Words of Python, and its builtins: a name of the program's own would hide them. */
const KEYWORDS: ReadonlySet<string> = new Set([
  "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from",
  "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "type", "_",
]);
const BUILTINS: ReadonlySet<string> = new Set([
  "abs", "aiter", "all", "anext", "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr", "classmethod", "compile", "complex", "copyright",
  "credits", "delattr", "dict", "dir", "divmod", "enumerate", "eval", "exec", "exit", "filter", "float", "format", "frozenset", "getattr", "globals", "hasattr", "hash",
  "help", "hex", "id", "input", "int", "isinstance", "issubclass", "iter", "len", "license", "list", "locals", "map", "max", "memoryview", "min", "next", "object",
  "oct", "open", "ord", "pow", "print", "property", "quit", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum",
  "super", "tuple", "type", "vars", "zip", "Exception", "TypeError", "KeyError",
]);
/** Easily taken for digits: ruff's E741. */
const AMBIGUOUS: ReadonlySet<string> = new Set(["l", "O", "I"]);

/** A name as Python writes it: `pullRequest` → `pull_request`, `LIMIT` as it is. */
export function snakeCase(name: string): string {
  const plain = name.normalize("NFKC").replace(/[^\p{L}\p{N}_]/gu, "_");
  const snake = /^[A-Z0-9_$]+$/.test(plain) ? plain : plain.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").toLowerCase();
  const safe = /^[\p{L}_]/u.test(snake) ? snake : `_${snake}`;
  return safe.startsWith("__") ? `_${safe.replace(/^_+/, "")}` : safe;
}

/** A name of the program's own: snake_case, and none of Python's. */
export function ownName(name: string): string {
  const snake = snakeCase(name);
  return KEYWORDS.has(snake) || BUILTINS.has(snake) || AMBIGUOUS.has(snake) ? `${snake}_` : snake;
}

/** The name of a module or of a tool, which stands behind a dot or is imported. */
export function memberName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, "_");
  const safe = /^[A-Za-z]/.test(plain) ? plain : `_${plain}`;
  return KEYWORDS.has(safe) ? `${safe}_` : safe;
}

/** Whether a key of JSON can be the name of an argument. */
export function isKeyword(key: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !(KEYWORDS.has(key) && !SOFT.has(key)) && !key.startsWith("__") && key !== "self";
}

const SOFT: ReadonlySet<string> = new Set(["match", "case", "type", "_"]);

/** A name that is free among those taken: `name`, `name_2`, …; of a class `Name2`. */
export function freeName(wanted: string, isTaken: (name: string) => boolean, between: "_" | "" = "_"): string {
  if (!isTaken(wanted)) return wanted;
  for (let count = 2; ; count++) {
    const next = `${wanted.replace(/_$/, "")}${between}${count}`;
    if (!isTaken(next)) return next;
  }
}
