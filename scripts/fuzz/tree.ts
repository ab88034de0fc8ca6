/** A piece of a generated text. Its type says what it may be replaced by when a failure is made smaller. */
export interface Tree {
  readonly type: string;
  readonly parts: readonly (string | Tree)[];
}

/** The text of a tree. */
export function textOf(tree: Tree): string {
  return tree.parts.map((part) => (typeof part === "string" ? part : textOf(part))).join("");
}

/** Pieces that may stand in for any of their type. */
export type Simplest = (type: string) => readonly string[];

/**
 * Smaller trees of the same type, the smallest first: what is inside instead of the whole, the simplest instead of what is
 * inside. Not all of them still mean something; whoever tries them finds out.
 */
export function* smaller(tree: Tree, simplest: Simplest): Generator<Tree> {
  for (const text of simplest(tree.type)) if (text.length < textOf(tree).length) yield { type: tree.type, parts: [text] };
  for (const inner of descendants(tree)) if (inner.type === tree.type) yield inner;
  for (const [index, part] of tree.parts.entries()) {
    if (typeof part === "string") continue;
    for (const less of smaller(part, simplest)) yield { type: tree.type, parts: tree.parts.with(index, less) };
  }
}

function* descendants(tree: Tree): Generator<Tree> {
  for (const part of tree.parts) {
    if (typeof part === "string") continue;
    yield part;
    yield* descendants(part);
  }
}

/** The smallest tree that still fails, as far as single steps lead. `fails` is asked at most `most` times. */
export async function shrink(tree: Tree, simplest: Simplest, fails: (tree: Tree) => Promise<boolean>, most = 400): Promise<Tree> {
  let current = tree;
  let asked = 0;
  for (let found = true; found && asked < most; ) {
    found = false;
    for (const candidate of smaller(current, simplest)) {
      if (asked >= most) break;
      asked += 1;
      if (!(await fails(candidate))) continue;
      current = candidate;
      found = true;
      break;
    }
  }
  return current;
}
