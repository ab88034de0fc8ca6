import { ts } from "./typescript.ts";

/**
 * How many cases a type has when unions are multiplied out: the checker does so with every intersection of unions. Counted
 * from the text: the types of servers and of libraries are one each.
 */
export function createTypeCases(source: ts.SourceFile): (node: ts.TypeNode) => number {
  const aliases = new Map(source.statements.filter(ts.isTypeAliasDeclaration).map((alias) => [alias.name.text, alias.type]));
  const known = new Map<ts.TypeNode, number>();
  const count = (node: ts.TypeNode): number => {
    const before = known.get(node);
    if (before !== undefined) return before;
    known.set(node, 1); // A type that contains itself.
    const found = Math.min(casesOf(node), Number.MAX_SAFE_INTEGER);
    known.set(node, found);
    return found;
  };
  const casesOf = (node: ts.TypeNode): number => {
    if (ts.isParenthesizedTypeNode(node)) return count(node.type);
    if (ts.isUnionTypeNode(node)) return node.types.reduce((sum, part) => sum + count(part), 0);
    if (ts.isIntersectionTypeNode(node)) return node.types.reduce((product, part) => product * count(part), 1);
    const alias = ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) ? aliases.get(node.typeName.text) : undefined;
    return alias === undefined ? 1 : count(alias);
  };
  return count;
}
