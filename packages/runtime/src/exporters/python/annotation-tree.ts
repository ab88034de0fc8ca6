import { binary, literal, name, type PyExpression } from "./tree.ts";

/** An annotation as it is written → its tree, which may be laid out on several lines. */
export function annotationTree(text: string): PyExpression {
  const words = text.match(WORD) ?? [];
  let at = 0;
  const list = (end: string): readonly PyExpression[] => {
    const items: PyExpression[] = [];
    at += 1;
    while (words[at] !== end) {
      items.push(union());
      if (words[at] === ",") at += 1;
    }
    at += 1;
    return items;
  };
  const one = (): PyExpression => {
    const word = words[at] ?? "";
    if (word === "[") return { kind: "list", items: list("]") };
    at += 1;
    const value = /^[A-Za-z_]/.test(word) ? name(word) : literal(word);
    if (words[at] !== "[") return value;
    const [only, ...more] = list("]");
    return only === undefined ? value : { kind: "subscript", value, index: more.length === 0 ? only : { kind: "tuple", items: [only, ...more] } };
  };
  const union = (): PyExpression => {
    let left = one();
    while (words[at] === "|") {
      at += 1;
      left = binary("|", left, one());
    }
    return left;
  };
  return union();
}

/** A text with its quotes, a name with its dots, a number, or a sign. */
const WORD = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s[\],|"']+|[[\],|]/gs;
